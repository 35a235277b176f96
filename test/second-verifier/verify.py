"""A second verifier, written from docs/verification.md and what it refers to, and from nothing else. Reads vectors
(test/adversarial/README.md) and writes for each a line of JSON: the verdict, the codes of the eleven checks, and whether it is current. The
outcome of each code is read out of docs/errors.md. `python verify.py < vectors.json`"""
import base64
import json
import math
import re
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.hashes import SHA256

from entries import read_entry
from formats import drop_nulls, is_facts, read_credential, read_evidence, read_jwt, read_place, read_text
from gs1 import covers, levels
from lots import Upstream
from provenance import provenance
from shapes import attempt, b64, instant, is_did, sha256, unb64
from trees import hash_leaf, root_of, stand

ERRORS = Path(__file__).resolve().parents[2] / "docs/errors.md"
OUTCOMES = dict(re.findall(r"^\| `([a-z]+\.[a-z-]+)` \| ([a-z ]+) \|", ERRORS.read_text("utf-8"), re.M))
MAKES, PLACES = {"passport", "event", "facility"}, {"event", "facility"}
ROLES = [MAKES, {"passport"}, PLACES, PLACES, PLACES, PLACES, MAKES, {"conformity"}, PLACES, {"identityAnchor"}]
"""By the role's bit, what it may issue."""


class Case:
    """What a verifier is given, and what can be read of it: None is what cannot."""

    def __init__(self, vector, prove_facts=None):
        """`prove_facts`, of a pack, gives for a question and those upstream facts that witnesses vouch for, and why there are none."""
        self.policy, self.expected, self.are_facts_proved = vector["policy"], vector["expected"], prove_facts is not None
        self.standings = self.policy.get("anchorStandings", ["proved", "logged", "witnessed"])
        self.now = vector["now"] if type(vector["now"]) is float else None
        presented = unb64(vector["presented"])
        bare = read_text(presented)
        self.is_bare = bare is not None
        self.evidence = None if self.is_bare else attempt(read_evidence, presented)
        jwt = self.evidence["credential"] if self.evidence else bare
        self.jwt = None if jwt is None else attempt(read_jwt, jwt)
        self.credential = self.jwt and attempt(read_credential, self.jwt["payload"])
        self.place = self.credential and attempt(read_place, self.credential.get("credentialStatus"))
        self.entry_bytes = attempt(unb64, self.evidence["entry"]["bytes"]) if self.evidence else None
        self.entry = self.entry_bytes and attempt(read_entry, self.entry_bytes)
        self.anchor = self.entry if self.entry and self.entry["kind"] == "anchored" else None
        self.time = self.anchor and self.anchor["time"]
        self.ids = [subject["id"] for subject in self.credential["subjects"]] if self.credential else []
        self.levels = levels(self.expected["subject"]) if "subject" in self.expected else []
        self.found = next((level for level in self.levels if level in self.ids), None)
        self.thumbprint = hash_key(self.evidence["key"]) if self.evidence else None
        self.question = self.ask() if self.evidence and self.credential else None
        self.facts, self.no_facts = drop_nulls(vector["facts"]), "no-facts"
        if prove_facts:
            self.facts, self.no_facts = None, "facts-other-question"
            if self.question:
                self.facts, self.no_facts = prove_facts(self.question, Upstream(self.evidence, self.anchor).questions)
        self.reason = self.find_reason()

    def ask(self):
        grant, place = self.evidence.get("grant"), self.place
        named = sha256(int(grant["number"]).to_bytes(4), grant["prefix"].encode()) if grant else bytes(32)
        return {"issuer": "0x" + sha256(self.credential["issuer"]["id"].encode()).hex(), "key": "0x" + self.thumbprint.hex(),
                "grant": "0x" + named.hex(), "list": str(place["list"]) if place else "0", "word": float(place["word"]) if place else 0.0}

    def find_reason(self):
        """Why the facts do not serve, or None."""
        facts = self.facts
        if facts is None: return self.no_facts
        if not is_facts(facts): return "facts-unreadable"
        if self.question is None: return "facts-other-question"
        named = "eip155:%d:%s" % (facts["ledger"]["chainId"], facts["ledger"]["address"])
        if facts["ledger"] not in self.policy["ledgers"] or self.evidence["ledger"] != named: return "facts-other-ledger"
        if {name: facts["question"][name] for name in self.question} != self.question: return "facts-other-question"
        if self.anchor and (self.anchor["block"] > facts["blockNumber"] or self.time > facts["blockTime"]): return "facts-before-anchor"
        return None

    def is_set(self, status):
        return bool(int(self.facts["status"][status]) >> self.place["bit"] & 1)


# ---- Signatures
def hash_key(key):
    """RFC 7638."""
    return sha256(json.dumps(key, sort_keys=True, separators=(",", ":")).encode())


def is_small_order(key):
    """Whether 8 times the point is the neutral one; of a point y says all that doubling asks (RFC 8032, 5.1)."""
    p = 2**255 - 19
    d, y = -121665 * pow(121666, -1, p), int.from_bytes(key, "little") % 2**255
    for _ in range(3):
        xx = (y * y - 1) * pow(d * y * y + 1, -1, p)
        y = (y * y + xx) * pow(2 - y * y + xx, -1, p) % p
    return y == 1


def is_signed(jwt, key):
    signature, x = jwt["signature"], unb64(key["x"])
    if (jwt["header"]["alg"] == "ES256") != (key["kty"] == "EC"):
        return False
    try:
        if key["kty"] == "OKP":
            if is_small_order(x):
                return False
            ed25519.Ed25519PublicKey.from_public_bytes(x).verify(signature, jwt["signed"])
        else:
            point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\4" + x + unb64(key["y"]))
            r, s = map(int.from_bytes, (signature[:32], signature[32:]))
            point.verify(utils.encode_dss_signature(r, s), jwt["signed"], ec.ECDSA(SHA256()))
        return True
    except (InvalidSignature, ValueError):
        return False


# ---- The checks, in the document's order and line by line: a condition, and the code where it holds.
def content(case):
    if not case.is_bare and case.evidence is None: return "evidence-unreadable"
    if case.jwt is None: return "not-canonical"
    cid = "b" + base64.b32encode(b"\1\x55\x12\x20" + case.jwt["digest"]).decode().lower().rstrip("=")
    return "other-credential" if case.expected.get("cid", cid) != cid else "valid"


def schema(case):
    if case.jwt is None: return "not-reached"
    if case.credential is None: return "malformed"
    kind = case.credential["kind"]
    return "other-kind" if case.expected.get("kind", kind) != kind else "valid"


def subject(case):
    if case.credential is None: return "not-reached"
    if "subject" not in case.expected: return "not-asked"
    if case.found is None: return "other"
    return "same" if case.found == case.levels[0] else "wider"


def signature(case):
    if case.jwt is None: return "not-reached"
    if case.is_bare: return "no-key"
    return "valid" if is_signed(case.jwt, case.evidence["key"]) else "forged"


def key(case):
    if case.credential is None: return "not-reached"
    did, _, name = case.jwt["header"]["kid"].partition("#")
    if not is_did(did) or not re.fullmatch("[A-Za-z0-9_-]{43}", name): return "malformed-name"
    if did != case.credential["issuer"]["id"]: return "other-issuer"
    if case.is_bare: return "no-evidence"
    if name != b64(case.thumbprint): return "other-key"
    if case.anchor is None: return "not-reached"
    if case.reason: return case.reason
    if "issuer" not in case.facts: return "issuer-not-on-ledger"
    if "key" not in case.facts: return "not-registered"
    window = case.facts["key"]
    if not int(window["purposes"]) & 1: return "no-assert"
    if case.time < window["validFrom"]: return "not-yet-valid"
    if case.time >= window.get("compromisedSince", math.inf): return "compromised-before-anchor"
    if case.time >= window.get("retiredAt", math.inf): return "retired"
    return "valid"


def issuer(case):
    if case.credential is None: return "not-reached"
    if case.is_bare: return "no-evidence"
    if case.anchor is None: return "not-reached"
    if case.reason: return case.reason
    if "issuer" not in case.facts: return "not-on-ledger"
    withdrawn, kind = case.facts["issuer"].get("withdrawnSince", math.inf), case.credential["kind"]
    if case.time >= withdrawn: return "withdrawn"
    if not any(case.anchor["roles"] >> bit & 1 and kind in kinds for bit, kinds in enumerate(ROLES)): return "wrong-role"
    to_cover = case.ids if kind not in ("event", "identityAnchor") else [case.found] if case.found is not None else []
    if to_cover:
        shown, grant = case.evidence.get("grant"), case.facts.get("grant")
        if shown is None: return "grant-not-shown"
        if grant is None: return "no-grant"
        if not all(covers(shown["prefix"], one, case.credential["issuer"]["id"]) for one in to_cover): return "other-grant"
        if case.time < grant["from"]: return "grant-not-yet"
        if case.time >= grant.get("until", math.inf): return "grant-ended"
    if withdrawn < math.inf: return "valid-withdrawn-later"
    return "valid-suspended-now" if case.facts["issuer"]["suspended"] else "valid"


def anchor(case):
    if case.jwt is None: return "not-reached"
    if case.is_bare: return "no-evidence"
    if case.entry is None: return "entry-unreadable"
    if case.anchor is None: return "no-anchor"
    if case.credential is None: return "not-reached"
    if "0x" + case.anchor["issuer"].hex() != case.question["issuer"]: return "other-issuer"
    batch, size = case.evidence["batch"], case.anchor["size"]
    if batch["index"] >= size: return "not-in-batch"
    root = root_of(hash_leaf(case.jwt["digest"]), int(batch["index"]), size, map(unb64, batch["proof"]))
    if root is not None and root != case.anchor["root"]: return "not-in-batch"
    if case.reason: return case.reason
    standing = stand(case.evidence["entry"], case.entry_bytes, case.facts["treeHead"], case.facts.get("logged", {}), case.are_facts_proved)
    is_final = case.anchor["block"] <= case.facts["finalBlockNumber"]
    if standing == "beyond": return "ahead-of-facts"
    if standing == "mismatch": return "not-in-journal" if is_final else "not-final"
    if root is None: return "batch-path-unfit"
    if standing == "stale": return "proof-outdated"
    if standing not in case.standings: return "standing-not-accepted"
    return standing if is_final else "provisional"


def status(case):
    if case.credential is None: return "not-reached"
    if case.is_bare: return "no-evidence"
    if "credentialStatus" not in case.credential: return "missing"
    if case.place is None: return "malformed"
    if case.place["ledger"] != case.evidence["ledger"]: return "other-ledger"
    if case.reason: return case.reason
    if "issuer" not in case.facts: return "issuer-not-on-ledger"
    if case.is_set("revoked"): return "revoked"
    if case.facts["closed"]: return "ledger-closed"
    if not case.is_set("superseded"): return "valid"
    return "superseded" if case.expected.get("current") is True else "valid-superseded"


def period(case):
    if case.credential is None: return "not-reached"
    if case.now is None: return "no-clock"
    if case.now * 1000 < instant(case.credential["validFrom"]): return "not-yet"
    return "over" if "validUntil" in case.credential and case.now * 1000 > instant(case.credential["validUntil"]) else "valid"


def freshness(case):
    if case.reason: return case.reason
    if case.now is None: return "no-clock"
    if case.now - case.facts["blockTime"] > case.policy.get("maxAgeSeconds", 86400): return "stale"
    return "ahead" if case.facts["blockTime"] - case.now > case.policy.get("maxAheadSeconds", 60) else "valid"


CHECKS = [content, schema, subject, signature, key, issuer, anchor, status, period, freshness, provenance]


def verify(vector, prove_facts=None):
    case = Case(vector, prove_facts)
    codes = ["%s.%s" % (check.__name__, check(case)) for check in CHECKS]
    outcomes = {OUTCOMES[code] for code in codes}
    verdict = "invalid" if "invalid" in outcomes else "indeterminate" if "unknown" in outcomes else "valid"
    is_known = not case.reason and "issuer" in case.facts and case.place and case.place["ledger"] == case.evidence["ledger"]
    return {"verdict": verdict, "codes": codes, "current": not case.is_set("superseded") if is_known else None, "facts": not case.reason}


if __name__ == "__main__":
    for vector in json.load(sys.stdin, parse_int=float)["vectors"]:
        print(json.dumps({"name": vector["name"], **verify(vector)}))
