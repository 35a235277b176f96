"""A second verifier, written from docs/verification.md and what it refers to, and from nothing else. Reads vectors (test/adversarial/README.md)
and writes for each a line of JSON: the verdict, the codes of the eleven checks, and whether it is current. The GS1 table and the outcome of
each code are read out of the documents themselves. `python verify.py < vectors.json`"""
import base64
import hashlib
import json
import math
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.hashes import SHA256

DOCS = Path(__file__).resolve().parents[2] / "docs"
OUTCOMES = dict(re.findall(r"^\| `([a-z]+\.[a-z-]+)` \| ([a-z ]+) \|", (DOCS / "errors.md").read_text("utf-8"), re.M))
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SPACE = "\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
NOT_IN_URI = SPACE + r'<>"{}|\\^`'
KINDS = {"DigitalProductPassport": "passport", "DigitalTraceabilityEvent": "event", "DigitalConformityCredential": "conformity",
         "DigitalFacilityRecord": "facility", "DigitalIdentityAnchor": "identityAnchor"}
MAKES, PLACES = {"passport", "event", "facility"}, {"event", "facility"}
ROLES = [MAKES, {"passport"}, PLACES, PLACES, PLACES, PLACES, MAKES, {"conformity"}, PLACES, {"identityAnchor"}]
CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"]


class Refused(Exception):
    pass

def need(condition):
    if not condition: raise Refused

def attempt(read, *arguments):
    """What `read` gives, or None where it refuses."""
    try: return read(*arguments)
    except (Refused, ValueError, RecursionError): return None

def H(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

def unb64(text):
    need(re.fullmatch("[A-Za-z0-9_-]*", text))
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(b64(data) == text)
    return data


# ---- Shapes: functions that say whether a value has it. Numbers are doubles.
def text(low=0, high=math.inf, pattern=".*"):
    return lambda v: isinstance(v, str) and low <= len(v) <= high and re.fullmatch(pattern, v, re.S) is not None

def whole(low=0, high=2**53 - 1):
    return lambda v: type(v) is float and v.is_integer() and low <= v <= high

def listed(item, low=0, high=math.inf):
    return lambda v: isinstance(v, list) and low <= len(v) <= high and all(map(item, v))

def record(must, may={}, closed=False):
    return lambda v: (isinstance(v, dict) and all(name in v and must[name](v[name]) for name in must)
                      and all(name not in v or may[name](v[name]) for name in may) and not (closed and v.keys() - must.keys() - may.keys()))

def closed(must, may={}): return record(must, may, closed=True)
def one(*values): return lambda v: isinstance(v, str) and v in values
def either(*shapes): return lambda v: any(shape(v) for shape in shapes)
def several(shape): return either(shape, listed(shape, 1, 1000))
def hexed(size): return text(pattern="0x[0-9a-f]{%d}" % (2 * size))
def decimal(bits): return lambda v: text(pattern="0|[1-9][0-9]*")(v) and int(v) < 2**bits
def boolean(v): return isinstance(v, bool)
def hash32(v): return isinstance(v, str) and len(attempt(unb64, v) or b"") == 32
def is_instant(v): return instant(v) is not None

def instant(v):
    """Milliseconds since 1970, or None. The calendar repeats every 400 years; Python has no year 0 and none above 9999."""
    match = isinstance(v, str) and re.fullmatch(
        r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:Z|([+-])(?!14:(?!00))(0[0-9]|1[0-4]):([0-5][0-9]))", v)
    if not match: return None
    year, *rest = map(int, match.groups()[:6])
    at = attempt(datetime, 2000 + year % 400, *rest)
    if at is None: return None
    seconds = (at - datetime(1970, 1, 1)) // timedelta(seconds=1) + (year // 400 - 5) * 146097 * 86400
    offset = int(match[8] + "1") * (int(match[9]) * 60 + int(match[10])) if match[8] else 0
    return (seconds - offset * 60) * 1000 + int(((match[7] or "") + "000")[:3])

EVIDENCE = closed({
    "version": one("dpp-evidence/1"), "ledger": text(pattern="eip155:[1-9][0-9]{0,15}:0x[0-9a-f]{40}"), "credential": text(1, 2**20),
    "key": either(closed({"kty": one("EC"), "crv": one("P-256"), "x": hash32, "y": hash32}),
                  closed({"kty": one("OKP"), "crv": one("Ed25519"), "x": hash32})),
    "batch": closed({"index": whole(0, 16383), "proof": listed(hash32, 0, 14)}),
    "entry": closed({"index": whole(), "bytes": text(1, 10923, "[A-Za-z0-9_-]*"), "proof": listed(hash32, 0, 52)}),
}, {"grant": closed({"number": whole(0, 2**32 - 1), "prefix": text(1, 255)})})
HEADER = closed({"alg": one("ES256", "Ed25519", "EdDSA"), "typ": one("vc+jwt"), "kid": text(1, 300)}, {"cty": one("vc")})
URI = text(pattern="[A-Za-z][A-Za-z0-9+.-]*:[^%s]+" % NOT_IN_URI)
DID = text(0, 255, "did:[a-z0-9]+(:([A-Za-z0-9._-]|%[0-9A-F]{2})+)+")
NAMES = listed(text(1), 1, 1000)
LANGUAGE = closed({"@value": text()}, {"@language": text(), "@direction": one("ltr", "rtl")})
TYPED = record({"type": either(text(1), NAMES)}, {"id": URI})
ID = lambda v: URI(v) and len(v) <= 2048
CREDENTIAL = record({
    "@context": lambda v: listed(URI, 2, 1000)(v) and v[:2] == CONTEXTS, "id": ID, "name": text(1), "validFrom": is_instant,
    "type": lambda v: NAMES(v) and "VerifiableCredential" in v and sum(name in KINDS for name in v) == 1,
    "issuer": record({"id": DID, "name": text(1)}), "credentialSubject": several(record({"id": ID}, {"type": NAMES, "name": text()})),
}, {"validUntil": is_instant, "credentialStatus": record({"type": either(text(), NAMES)}, {"id": URI}), "iss": text(), "jti": text(), "sub": text(),
    "description": either(text(), several(LANGUAGE)), "credentialSchema": several(lambda v: TYPED(v) and "id" in v),
    **{term: several(TYPED) for term in ("refreshService", "termsOfUse", "evidence", "proof")}})
PLACE = r"(eip155:[1-9][0-9]{0,15}:0x[0-9a-fA-F]{40})#status-(0|[1-9][0-9]{0,19})-(0|[1-9][0-9]{0,5})"
STATUS = record({"id": text(pattern=PLACE), "type": lambda v: v in ("BitstringStatusListEntry", ["BitstringStatusListEntry"]),
                 "statusPurpose": one("revocation"), "statusListCredential": text(),
                 "statusListIndex": either(whole(), text(pattern="0|[1-9][0-9]{0,5}"))})
PIN = closed({"chainId": whole(1), "genesis": hexed(32), "address": hexed(20), "codeHash": hexed(32)})
FACTS = record({
    "source": text(0, 2048), "ledger": PIN, "blockNumber": whole(), "blockTime": whole(), "finalBlockNumber": whole(), "closed": boolean,
    "treeHead": lambda v: record({"size": whole(), "peaks": listed(hexed(32))})(v) and int(v["size"]).bit_count() == len(v["peaks"]),
    "question": record({"issuer": hexed(32), "key": hexed(32), "grant": hexed(32), "list": decimal(64), "word": whole(0, 511)}),
    "status": record({"revoked": decimal(256), "superseded": decimal(256)}),
}, {"issuer": record({"number": whole(1), "roles": whole(0, 65535), "suspended": boolean}, {"withdrawnSince": whole()}),
    "key": record({"purposes": whole(0, 65535), "validFrom": whole()}, {"retiredAt": whole(), "compromisedSince": whole()}),
    "grant": record({"from": whole()}, {"until": whole()}),
    "logged": record({"index": whole(), "bytes": text(pattern="0x([0-9a-f]{2})*")})})


# ---- Reading what is presented
def read_json(source):
    def members(pairs):
        need(len({name for name, _ in pairs}) == len(pairs) and "__proto__" not in dict(pairs))
        return dict(pairs)
    def number(digits):
        need(math.isfinite(float(digits)))
        return float(digits)
    def is_shallow(value, left=32):
        items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        return items is None or (left > 0 and all(is_shallow(item, left - 1) for item in items))
    value = json.loads(source.decode("utf-8"), object_pairs_hook=members, parse_int=number, parse_float=number, parse_constant=lambda _: need(False))
    need(is_shallow(value))
    json.dumps(value, ensure_ascii=False).encode("utf-8")  # refuses half a surrogate pair
    return value

def read_evidence(value):
    need(len(value) <= 2**20 + 2**16)
    evidence = read_json(value)
    need(EVIDENCE(evidence))
    return evidence

def read_jwt(jwt):
    parts = jwt.split(".")
    need(len(jwt) <= 2**20 and len(parts) == 3)
    header, payload, signature = map(unb64, parts)
    header = read_json(header)
    need(HEADER(header) and len(signature) == 64)
    need(header["alg"] != "ES256" or int.from_bytes(signature[32:]) <= (N - 1) // 2)
    signed = ".".join(parts[:2]).encode()
    return {"header": header, "payload": read_json(payload), "signature": signature, "signed": signed, "digest": H(jwt.encode())}

def read_credential(payload):
    need(CREDENTIAL(payload) and not payload.keys() & {"vc", "vp", "exp", "nbf"})
    need("validUntil" not in payload or instant(payload["validUntil"]) >= instant(payload["validFrom"]))
    need(payload.get("iss", payload["issuer"]["id"]) == payload["issuer"]["id"] and payload.get("jti", payload["id"]) == payload["id"])
    kind, subjects = next(KINDS[name] for name in payload["type"] if name in KINDS), payload["credentialSubject"]
    need(kind == "event" or isinstance(subjects, dict))
    subjects = subjects if isinstance(subjects, list) else [subjects]
    need(all(payload.get("sub", subject["id"]) == subject["id"] for subject in subjects))
    return {**payload, "kind": kind, "subjects": subjects, "did": payload["issuer"]["id"]}

def read_place(status):
    need(STATUS(status))
    ledger, number, index = re.fullmatch(PLACE, status["id"]).groups()
    need(int(number) < 2**64 and int(index) < 131072 and int(status["statusListIndex"]) == int(index))
    return {"ledger": ledger.lower(), "list": int(number), "index": int(index)}

# The bodies of IPassportLedger.sol and IMaterials.sol: a number is that many bytes; u an integer below 2^53, a algorithm, t status, r reason,
# w word, o origin, c custody, g ASCII; s text; after each bar items, counted by one byte.
BODIES = {0x01: "32 20", 0x02: "32 20", 0x03: "32 20", 0x04: "20 u8", 0x05: "", 0x06: "u8 u8", 0x07: "", 0x08: "", 0x09: "", 0x0A: "32 20 32",
          0x10: "32 u4 u2 20 s", 0x11: "32", 0x12: "32", 0x13: "32 u8", 0x14: "32 u2", 0x15: "32 u4 s", 0x16: "32 u4 s u8", 0x17: "32 20",
          0x18: "32 20", 0x19: "32 20", 0x1A: "32 20", 0x1B: "32 32 a1 u2 32 32", 0x1C: "32 32 u8", 0x1D: "32 32 u8",
          0x20: "32 u2 32 u2 32|32 8", 0x30: "32 8 t1 r1|w2 32", 0x40: "32 u2 u5 o1 c1 8 32 u8 u8 g1 g1 s s", 0x41: "32 u2 32 8 s",
          0x42: "32 u2 32 32 8 32 s", 0x43: "32 u2 32 32 32", 0x44: "32 u2 32", 0x45: "32 u2 32",
          0x46: "32 u2 32 8 8 8 8 s|32 8|o1 c1 8 s", 0x47: "32 u2 32 8", 0x48: "32 u2 32 8", 0x49: "32 8"}
RANGES = {"u": (0, 2**53 - 1), "a": (1, 2), "t": (1, 2), "r": (1, 5), "w": (0, 511), "o": (1, 4), "c": (1, 5), "g": (0, 127)}

def read_entry(data):
    """The fields of an anchor, or {} of an entry of another kind."""
    need(2 <= len(data) <= 8192 and data[0] == 1 and data[1] in BODIES)
    rest = data[2:]
    def take(size):
        nonlocal rest
        need(size <= len(rest))
        taken, rest = rest[:size], rest[size:]
        return taken
    def field(token):
        if token == "s": return take(int.from_bytes(take(2))).decode("utf-8")
        if token[0].isdigit(): return take(int(token))
        value, (low, high) = int.from_bytes(take(int(token[1:]))), RANGES[token[0]]
        need(low <= value <= high)
        return value
    block, time, actor, identity = field("u8"), field("u8"), take(1)[0], take(32)
    need(1 <= actor <= 5 and (actor == 3 or not any(identity[:12])))
    body, *lists = BODIES[data[1]].split("|")
    fields = [field(token) for token in body.split()]
    for items in lists:
        for _ in range(take(1)[0]): [field(token) for token in items.split()]
    need(not rest)
    return dict(zip(("issuer", "roles", "root", "size"), fields), block=block, time=time) if data[1] == 0x20 else {}


# ---- GS1 and grants
def read_table():
    sets, table = {"N": "[0-9]", "X": r"""[A-Za-z0-9!"%&'()*+,\-./:;<=>?_]""", "Y": r"[A-Z0-9#\-/]", "Z": r"[A-Za-z0-9_=\-]"}, {}
    for line in re.search(r"generated: gs1 -->\s*```\n(.*?)```", (DOCS / "verification.md").read_text("utf-8"), re.S)[1].splitlines():
        names, form, place, *key = line.split(" ")
        pattern, at, digits = "", 0, None
        for part in form.split("+"):
            letter, to, length = re.search(r"([NXYZ])(\.\.)?([0-9]+)", part).groups()
            pattern += "(%s{%s})" % (sets[letter], "1," * bool(to) + length) + "?" * (part[0] == "[")
            if part[-1] == "#": digits = slice(at, at + int(length))
            at += int(length)
        orders = [order.split(",") for order in key[0].partition("=")[2].split("|")] if key else None
        for first, _, last in (name.partition("-") for name in names.split(",")):
            for number in range(int(first), int(last or first) + 1):
                table[str(number).zfill(len(first))] = (pattern, digits, place.endswith("data"), orders)
    return table

TABLE = read_table()

def read_link(uri):
    """The elements of a Digital Link's path, and of its query."""
    match = re.fullmatch(r"(?:https?|HTTPS?)://[A-Za-z0-9._~:\[\]!$&'()*+,;=-]+(/[^?#]*)(?:\?([^#]*))?(?:#.*)?", uri, re.S)
    need(match and not re.search("[%s]" % NOT_IN_URI, uri))
    unescape = lambda value: re.sub("%[0-9A-Fa-f]{2}", lambda found: chr(int(found[0][1:], 16)), value)
    pad = lambda ai, value: (ai, value.zfill(14) if ai == "01" and re.fullmatch("[0-9]{8}|[0-9]{12,13}", value) else value)
    segments, path, query = match[1].split("/")[1:], [], []
    while not path or TABLE[path[0][0]][3] is None:
        need(len(segments) >= 2 and segments[-2] in TABLE)
        path.insert(0, pad(segments[-2], unescape(segments[-1])))
        del segments[-2:]
    orders, after = TABLE[path[0][0]][3], [ai for ai, _ in path[1:]]
    need(any(after == [ai for ai in order if ai in after] for order in orders))
    for name, equals, value in (part.partition("=") for part in re.split("[&;]", match[2] or "")):
        if equals and re.fullmatch("[0-9]{2,4}", name):
            need(name in TABLE and TABLE[name][2] and not any(name in order for order in orders))
            query.append(pad(name, unescape(value.replace("+", " "))))
    need(all(re.fullmatch(TABLE[ai][0], value) for ai, value in path + query))
    need(len({ai for ai, _ in path + query}) == len(path + query))
    return path, query

def read_checked(uri):
    path, query = read_link(uri)
    for ai, value in path + query:
        if TABLE[ai][1]:
            digits = [int(digit) for digit in reversed(value[TABLE[ai][1]])]
            need((sum(digits[1::2]) * 3 + sum(digits[::2])) % 10 == 0)
    return path

def canonical(elements):
    escape = lambda value: re.sub("[^A-Za-z0-9._~-]", lambda found: "%%%02X" % ord(found[0]), value)
    return "https://id.gs1.org" + "".join("/%s/%s" % (ai, escape(value)) for ai, value in elements)

def levels(scanned):
    path = attempt(read_checked, scanned)
    if path is None: return [scanned]
    steps = [[path[0], element] for ai in ("21", "10", "22") for element in path if element[0] == ai]
    return [canonical(elements) for elements in [path, *(steps + [path[:1]] if path[0][0] == "01" else [])]]

HOST = r"(?=[^/]{1,253}(?:/|$))(?:%s\.)+%s" % (("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",) * 2)
PLAIN = text(0, 2048, r"https://%s(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~!$&'()*+,;=:@-]+)+" % HOST)

def covers(prefix, subject, did):
    if re.fullmatch("gs1:[0-9]{4,12}", prefix):
        path = attempt(read_checked, subject)
        if path is None or canonical(path) != subject: return False
        ai, value = path[0]
        start = {"01": 1, "414": 0, "417": 0, "8003": 1, "8004": 0}.get(ai)
        return start is not None and not (ai == "01" and value.startswith("000000")) and value[start:].startswith(prefix[4:])
    names = did[8:].split(":")
    return (prefix.endswith("/") and PLAIN(prefix + "x") and not prefix.startswith("https://id.gs1.org/")
            and did.startswith("did:web:") and re.fullmatch(HOST, names[0])
            and all(re.fullmatch("[A-Za-z0-9._~-]+", name) and name not in (".", "..") for name in names[1:])
            and prefix.startswith("https://%s/" % "/".join(names)) and subject.startswith(prefix) and PLAIN(subject)
            and attempt(read_link, subject) is None)


# ---- Trees
def batch_root(leaf, index, size, proof):
    """RFC 9162, 2.1.3.2; None where the path has another length than the tree's shape asks."""
    fn, sn, root = index, size - 1, leaf
    for sibling in proof:
        if sn == 0: return None
        if fn & 1 or fn == sn:
            root = H(b"\1", sibling, root)
            while not fn & 1 and fn: fn, sn = fn >> 1, sn >> 1
        else: root = H(b"\1", root, sibling)
        fn, sn = fn >> 1, sn >> 1
    return root if sn == 0 else None

def peak_path(leaf, index, proof, head):
    size, end = int(head["size"]), 0
    if index >= size: return "beyond"
    for peak in head["peaks"]:
        level = (size - end).bit_length() - 1
        end += 1 << level
        if index < end: break
    if len(proof) != level: return "stale"
    for step, sibling in enumerate(proof):
        leaf = H(b"\1", sibling, leaf) if index >> step & 1 else H(b"\1", leaf, sibling)
    return "proved" if "0x" + leaf.hex() == peak else "mismatch"


# ---- The checks, in the document's order
def is_small_order(key):
    """Whether 8 times the point is the neutral one; of a point y says all that doubling asks (RFC 8032, 5.1)."""
    p = 2**255 - 19
    d, y = -121665 * pow(121666, -1, p), int.from_bytes(key, "little") % 2**255
    for _ in range(3):
        xx = (y * y - 1) * pow(d * y * y + 1, -1, p)
        y = (y * y + xx) * pow(2 - y * y + xx, -1, p) % p
    return y == 1

def is_signed(jwt, key):
    signature, signed = jwt["signature"], jwt["signed"]
    if (jwt["header"]["alg"] == "ES256") != (key["kty"] == "EC"): return False
    try:
        if key["kty"] == "OKP":
            if is_small_order(unb64(key["x"])): return False
            ed25519.Ed25519PublicKey.from_public_bytes(unb64(key["x"])).verify(signature, signed)
        else:
            x, y, r, s = map(int.from_bytes, (unb64(key["x"]), unb64(key["y"]), signature[:32], signature[32:]))
            point = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
            point.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
        return True
    except (InvalidSignature, ValueError): return False

def prune(facts):
    """Without the members that are null: a vector has them for what is not there."""
    if isinstance(facts, list): return list(map(prune, facts))
    return {name: prune(value) for name, value in facts.items() if value is not None} if isinstance(facts, dict) else facts

def verify(case, prove_facts=None):
    """`prove_facts`, of a pack, gives for a question facts that witnesses vouch for, or why there are none."""
    presented, facts, policy, expected, now = unb64(case["presented"]), prune(case["facts"]), case["policy"], case["expected"], case["now"]
    as_text = attempt(bytes.decode, presented)
    is_bare = as_text is not None and not re.match("[%s]*{" % SPACE, as_text)
    evidence = None if is_bare else attempt(read_evidence, presented)
    jwt = attempt(read_jwt, as_text if is_bare else evidence["credential"]) if is_bare or evidence else None
    credential = jwt and attempt(read_credential, jwt["payload"])
    place = credential and attempt(read_place, credential.get("credentialStatus"))
    entry_bytes = attempt(unb64, evidence["entry"]["bytes"]) if evidence else None
    entry = attempt(read_entry, entry_bytes) if entry_bytes else None  # {} of another kind
    anchor, grant, question = entry or None, evidence and evidence.get("grant"), None
    now, t = now if type(now) is float else None, anchor and anchor["time"]
    if evidence and credential:
        thumbprint = H(("{%s}" % ",".join('"%s":"%s"' % member for member in sorted(evidence["key"].items()))).encode())
        named = H(int(grant["number"]).to_bytes(4), grant["prefix"].encode()) if grant else bytes(32)
        question = {"issuer": "0x" + H(credential["did"].encode()).hex(), "key": "0x" + thumbprint.hex(), "grant": "0x" + named.hex(),
                    "list": str(place["list"]) if place else "0", "word": float(place["index"] // 256 if place else 0)}
    no_facts = "no-facts"
    if prove_facts: facts, no_facts = prove_facts(question) if question else (None, "facts-other-question")

    def why_not():
        if facts is None: return no_facts
        if not FACTS(facts): return "facts-unreadable"
        if question is None: return "facts-other-question"
        ledger = facts["ledger"]
        named = "eip155:%d:%s" % (ledger["chainId"], ledger["address"])
        if ledger not in policy["ledgers"] or evidence["ledger"] != named: return "facts-other-ledger"
        if {name: facts["question"][name] for name in question} != question: return "facts-other-question"
        return "facts-before-anchor" if anchor and (anchor["block"] > facts["blockNumber"] or t > facts["blockTime"]) else None

    reason = why_not()
    ids = [subject["id"] for subject in credential["subjects"]] if credential else []
    scanned = levels(expected["subject"]) if "subject" in expected else []
    found = next((level for level in scanned if level in ids), None)
    is_set = lambda name: bool(int(facts["status"][name]) >> (place["index"] % 256) & 1)

    def content():
        if not is_bare and evidence is None: return "evidence-unreadable"
        if jwt is None: return "not-canonical"
        cid = "b" + base64.b32encode(b"\1\x55\x12\x20" + jwt["digest"]).decode().lower().rstrip("=")
        return "other-credential" if expected.get("cid", cid) != cid else "valid"

    def schema():
        if jwt is None: return "not-reached"
        if credential is None: return "malformed"
        return "other-kind" if expected.get("kind", credential["kind"]) != credential["kind"] else "valid"

    def subject():
        if credential is None: return "not-reached"
        if "subject" not in expected: return "not-asked"
        return "other" if found is None else "same" if found == scanned[0] else "wider"

    def signature():
        if jwt is None: return "not-reached"
        return "no-key" if is_bare else "valid" if is_signed(jwt, evidence["key"]) else "forged"

    def key():
        if credential is None: return "not-reached"
        did, _, name = jwt["header"]["kid"].partition("#")
        if not DID(did) or not re.fullmatch("[A-Za-z0-9_-]{43}", name): return "malformed-name"
        if did != credential["did"]: return "other-issuer"
        if is_bare: return "no-evidence"
        if name != b64(thumbprint): return "other-key"
        if anchor is None: return "not-reached"
        if reason: return reason
        if "issuer" not in facts: return "issuer-not-on-ledger"
        if "key" not in facts: return "not-registered"
        window = facts["key"]
        if not int(window["purposes"]) & 1: return "no-assert"
        if t < window["validFrom"]: return "not-yet-valid"
        if t >= window.get("compromisedSince", math.inf): return "compromised-before-anchor"
        return "retired" if t >= window.get("retiredAt", math.inf) else "valid"

    def issuer():
        if credential is None: return "not-reached"
        if is_bare: return "no-evidence"
        if anchor is None: return "not-reached"
        if reason: return reason
        if "issuer" not in facts: return "not-on-ledger"
        since = facts["issuer"].get("withdrawnSince", math.inf)
        if t >= since: return "withdrawn"
        if not any(anchor["roles"] >> bit & 1 and credential["kind"] in kinds for bit, kinds in enumerate(ROLES)): return "wrong-role"
        to_cover = ids if credential["kind"] not in ("event", "identityAnchor") else [found] if found is not None else []
        if to_cover:
            if grant is None: return "grant-not-shown"
            if "grant" not in facts: return "no-grant"
            if not all(covers(grant["prefix"], one, credential["did"]) for one in to_cover): return "other-grant"
            if t < facts["grant"]["from"]: return "grant-not-yet"
            if t >= facts["grant"].get("until", math.inf): return "grant-ended"
        return "valid-withdrawn-later" if since < math.inf else "valid-suspended-now" if facts["issuer"]["suspended"] else "valid"

    def anchored():
        if jwt is None: return "not-reached"
        if is_bare: return "no-evidence"
        if entry is None: return "entry-unreadable"
        if anchor is None: return "no-anchor"
        if credential is None: return "not-reached"
        if "0x" + anchor["issuer"].hex() != question["issuer"]: return "other-issuer"
        index = int(evidence["batch"]["index"])
        if index >= anchor["size"]: return "not-in-batch"
        root = batch_root(H(b"\0", jwt["digest"]), index, anchor["size"], map(unb64, evidence["batch"]["proof"]))
        if root is not None and root != anchor["root"]: return "not-in-batch"
        if reason: return reason
        index = int(evidence["entry"]["index"])
        stands = peak_path(H(b"\0", entry_bytes), index, [unb64(item) for item in evidence["entry"]["proof"]], facts["treeHead"])
        if stands == "stale" and facts.get("logged", {}).get("index") == index:
            stands = "logged" if facts["logged"]["bytes"] == "0x" + entry_bytes.hex() else "mismatch"
        if stands == "proved" and prove_facts: stands = "witnessed"
        if stands == "beyond": return "ahead-of-facts"
        is_final = anchor["block"] <= facts["finalBlockNumber"]
        if stands == "mismatch": return "not-in-journal" if is_final else "not-final"
        if root is None: return "batch-path-unfit"
        if stands == "stale": return "proof-outdated"
        if stands not in policy.get("anchorStandings", ["proved", "logged", "witnessed"]): return "standing-not-accepted"
        return stands if is_final else "provisional"

    def status():
        if credential is None: return "not-reached"
        if is_bare: return "no-evidence"
        if "credentialStatus" not in credential: return "missing"
        if place is None: return "malformed"
        if place["ledger"] != evidence["ledger"]: return "other-ledger"
        if reason: return reason
        if "issuer" not in facts: return "issuer-not-on-ledger"
        if is_set("revoked"): return "revoked"
        if facts["closed"]: return "ledger-closed"
        return "valid" if not is_set("superseded") else "superseded" if expected.get("current") is True else "valid-superseded"

    def period():
        if credential is None: return "not-reached"
        if now is None: return "no-clock"
        if now * 1000 < instant(credential["validFrom"]): return "not-yet"
        return "over" if "validUntil" in credential and now * 1000 > instant(credential["validUntil"]) else "valid"

    def freshness():
        if reason: return reason
        if now is None: return "no-clock"
        if now - facts["blockTime"] > policy.get("maxAgeSeconds", 86400): return "stale"
        return "ahead" if facts["blockTime"] - now > policy.get("maxAheadSeconds", 60) else "valid"

    def provenance():
        if credential is None: return "not-reached"
        materials = [subject.get("materialProvenance") for subject in credential["subjects"]]
        named = [item for value in materials for item in (value if isinstance(value, list) else [value])]
        is_drawing = any(isinstance(item, dict) and "lot" in item for item in named)
        return "not-supported" if credential["kind"] == "passport" and is_drawing else "no-lot"

    checks = {"content": content, "schema": schema, "subject": subject, "signature": signature, "key": key, "issuer": issuer,
              "anchor": anchored, "status": status, "period": period, "freshness": freshness, "provenance": provenance}
    codes = ["%s.%s" % (name, check()) for name, check in checks.items()]
    outcomes = {OUTCOMES[code] for code in codes}
    verdict = "invalid" if "invalid" in outcomes else "indeterminate" if "unknown" in outcomes else "valid"
    is_known = not reason and "issuer" in facts and place and place["ledger"] == evidence["ledger"]
    return {"verdict": verdict, "codes": codes, "current": not is_set("superseded") if is_known else None, "facts": not reason}


if __name__ == "__main__":
    for vector in json.load(sys.stdin, parse_int=float)["vectors"]:
        print(json.dumps({"name": vector["name"], **verify(vector)}))
