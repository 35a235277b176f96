"""What the other files have in common: refusing, bytes as text, and shapes. A shape is a function that says whether a value read from JSON
has it; numbers are doubles there."""
import base64
import hashlib
import math
import re
from datetime import datetime, timedelta

SPACE = "\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
NOT_IN_URI = SPACE + r'<>"{}|\\^`'


class Refused(Exception):
    """What is read is not what it should be."""


def need(condition):
    if not condition:
        raise Refused


def attempt(read, *arguments):
    """What `read` gives, or None where it refuses."""
    try:
        return read(*arguments)
    except (Refused, ValueError, RecursionError):
        return None


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(encoded):
    """The one spelling: no padding, no bits that say nothing."""
    need(re.fullmatch("[A-Za-z0-9_-]*", encoded))
    data = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    need(b64(data) == encoded)
    return data


# ---- Shapes of shapes
def listed(item, low=0, high=math.inf):
    return lambda value: isinstance(value, list) and low <= len(value) <= high and all(map(item, value))


def record(must, may=None, is_closed=False):
    """An object with all members of `must`, and perhaps those of `may`."""
    may = may or {}

    def has_shape(value):
        if not isinstance(value, dict) or not must.keys() <= value.keys():
            return False
        known = {**must, **may}
        return (not is_closed or value.keys() <= known.keys()) and all(
            known[name](member) for name, member in value.items() if name in known)
    return has_shape


def closed(must, may=None):
    return record(must, may, is_closed=True)


def either(*shapes):
    return lambda value: any(shape(value) for shape in shapes)


def several(shape):
    """One, or a list of at least one."""
    return either(shape, listed(shape, 1, 1000))


# ---- Shapes of text and numbers
def text(low=0, high=math.inf, pattern=".*"):
    return lambda value: isinstance(value, str) and low <= len(value) <= high and re.fullmatch(pattern, value, re.S) is not None


def one_of(*values):
    return lambda value: isinstance(value, str) and value in values


def whole(low=0, high=2**53 - 1):
    return lambda value: type(value) is float and value.is_integer() and low <= value <= high


def hexed(size):
    return text(pattern="0x[0-9a-f]{%d}" % (2 * size))


def decimal(bits):
    return lambda value: text(pattern="0|[1-9][0-9]*")(value) and int(value) < 2**bits


def is_boolean(value):
    return isinstance(value, bool)


def is_hash(value):
    """32 bytes as base64url."""
    return isinstance(value, str) and len(attempt(unb64, value) or b"") == 32


ZONE = r"(?:Z|([+-])(?!14:(?!00))(0[0-9]|1[0-4]):([0-5][0-9]))"
INSTANT = r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?" + ZONE


def instant(value):
    """Milliseconds since 1970, or None. The calendar repeats every 400 years; Python has no year 0 and none above 9999."""
    match = isinstance(value, str) and re.fullmatch(INSTANT, value)
    if not match:
        return None
    year, *rest = map(int, match.groups()[:6])
    at = attempt(datetime, 2000 + year % 400, *rest)
    if at is None:
        return None
    fraction, sign, hours, minutes = match.groups()[6:]
    seconds = (at - datetime(1970, 1, 1)) // timedelta(seconds=1) + (year // 400 - 5) * 146097 * 86400
    offset = int(sign + "60") * int(hours) + int(sign + minutes) if sign else 0
    return (seconds - offset * 60) * 1000 + int(((fraction or "") + "000")[:3])


def is_instant(value):
    return instant(value) is not None


is_uri = text(pattern="[A-Za-z][A-Za-z0-9+.-]*:[^%s]+" % NOT_IN_URI)
is_did = text(0, 255, "did:[a-z0-9]+(:([A-Za-z0-9._-]|%[0-9A-F]{2})+)+")
is_ledger = text(pattern="eip155:[1-9][0-9]{0,15}:0x[0-9a-f]{40}")


def is_id(value):
    return is_uri(value) and len(value) <= 2048
