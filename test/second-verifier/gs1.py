"""GS1 Digital Links and grants. The table of application identifiers is read out of docs/verification.md itself."""
import re
from pathlib import Path
from typing import NamedTuple

from shapes import NOT_IN_URI, attempt, need, text

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/verification.md"
SETS = {"N": "[0-9]", "X": r"""[A-Za-z0-9!"%&'()*+,\-./:;<=>?_]""", "Y": r"[A-Z0-9#\-/]", "Z": r"[A-Za-z0-9_=\-]"}


class Identifier(NamedTuple):
    pattern: str
    checked: slice | None
    """Where the digits stand that end in a check digit."""
    is_data: bool
    orders: list | None
    """Of a key, its alternatives of qualifiers."""


def read_table():
    lines = re.search(r"generated: gs1 -->\s*```\n(.*?)```", DOCUMENT.read_text("utf-8"), re.S)[1].splitlines()
    table = {}
    for names, form, place, *key in (line.split(" ") for line in lines):
        pattern, at, checked = "", 0, None
        for part in form.split("+"):
            letter, up_to, length = re.search(r"([NXYZ])(\.\.)?([0-9]+)", part).groups()
            pattern += "(%s{%s%s})%s" % (SETS[letter], "1," if up_to else "", length, "?" if part[0] == "[" else "")
            if part[-1] == "#":
                checked = slice(at, at + int(length))
            at += int(length)
        orders = [order.split(",") for order in key[0].partition("=")[2].split("|")] if key else None
        for first, _, last in (name.partition("-") for name in names.split(",")):
            for number in range(int(first), int(last or first) + 1):
                table[str(number).zfill(len(first))] = Identifier(pattern, checked, place.endswith("data"), orders)
    return table


TABLE = read_table()
LINK = r"(?:https?|HTTPS?)://[A-Za-z0-9._~:\[\]!$&'()*+,;=-]+(/[^?#]*)(?:\?([^#]*))?(?:#.*)?"


def unescape(value):
    return re.sub("%[0-9A-Fa-f]{2}", lambda found: chr(int(found[0][1:], 16)), value)


def element(ai, value):
    return ai, value.zfill(14) if ai == "01" and re.fullmatch("[0-9]{8}|[0-9]{12,13}", value) else value


def read_link(uri):
    """The elements of a Digital Link's path, and of its query."""
    match = re.fullmatch(LINK, uri, re.S)
    need(match and not re.search("[%s]" % NOT_IN_URI, uri))
    segments, path, query = match[1].split("/")[1:], [], []
    while not path or TABLE[path[0][0]].orders is None:
        need(len(segments) >= 2 and segments[-2] in TABLE)
        path.insert(0, element(segments[-2], unescape(segments[-1])))
        del segments[-2:]
    orders, after = TABLE[path[0][0]].orders, [ai for ai, _ in path[1:]]
    need(any(after == [ai for ai in order if ai in after] for order in orders))
    for ai, equals, value in (part.partition("=") for part in re.split("[&;]", match[2] or "")):
        if equals and re.fullmatch("[0-9]{2,4}", ai):
            need(ai in TABLE and TABLE[ai].is_data and not any(ai in order for order in orders))
            query.append(element(ai, unescape(value.replace("+", " "))))
    need(all(re.fullmatch(TABLE[ai].pattern, value) for ai, value in path + query))
    need(len({ai for ai, _ in path + query}) == len(path + query))
    return path, query


def read_checked(uri):
    """The elements of the path of one whose check digits are right."""
    path, query = read_link(uri)
    for ai, value in path + query:
        if TABLE[ai].checked:
            digits = [int(digit) for digit in reversed(value[TABLE[ai].checked])]
            need((sum(digits[1::2]) * 3 + sum(digits[::2])) % 10 == 0)
    return path


def canonical(elements):
    escaped = [(ai, re.sub("[^A-Za-z0-9._~-]", lambda found: "%%%02X" % ord(found[0]), value)) for ai, value in elements]
    return "https://id.gs1.org" + "".join("/%s/%s" % pair for pair in escaped)


def levels(scanned):
    """What a credential may be about, nearest first."""
    path = attempt(read_checked, scanned)
    if path is None:
        return [scanned]
    steps = [path]
    if path[0][0] == "01":
        steps += [[path[0], found] for ai in ("21", "10", "22") for found in path if found[0] == ai]
        steps.append(path[:1])
    return list(map(canonical, steps))


# ---- Grants
LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = r"(?=[^/]{1,253}(?:/|$))(?:%s\.)+%s" % (LABEL, LABEL)
KEY_AT = {"01": 1, "414": 0, "417": 0, "8003": 1, "8004": 0}
"""Where the company prefix of a key begins."""
is_plain = text(0, 2048, r"https://%s(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~!$&'()*+,;=:@-]+)+" % HOST)


def covers(prefix, subject, did):
    if re.fullmatch("gs1:[0-9]{4,12}", prefix):
        return covers_key(prefix[4:], subject)
    host, *names = did.removeprefix("did:web:").split(":")
    return (prefix.endswith("/") and is_plain(prefix + "x") and not prefix.startswith("https://id.gs1.org/")
            and did.startswith("did:web:") and re.fullmatch(HOST, host) is not None
            and all(re.fullmatch("[A-Za-z0-9._~-]+", name) and name not in (".", "..") for name in names)
            and prefix.startswith("https://%s/" % "/".join([host, *names]))
            and subject.startswith(prefix) and is_plain(subject) and attempt(read_link, subject) is None)


def covers_key(digits, subject):
    path = attempt(read_checked, subject)
    if path is None or canonical(path) != subject:
        return False
    ai, value = path[0]
    if ai not in KEY_AT or (ai == "01" and value.startswith("000000")):
        return False
    return value[KEY_AT[ai]:].startswith(digits)
