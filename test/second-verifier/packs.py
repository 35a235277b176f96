"""Packs, written from docs/packs.md and docs/verification.md alone. `python packs.py < vectors.json`, each vector a `pack` (base64url),
`policy` (docs/policy.md), `expected` and `now`; writes for each a line of JSON, a list of reports."""
import json
import sys

import cbor2

from entries import read_entry
from shapes import Refused, b64, closed, either, listed, need, one_of, sha256, text, unb64
from state import NoFacts, Trie, agree, read_facts
from trees import hash_leaf, open_paths
from verify import verify

UNREADABLE = b"{"
"""As evidence: no JSON."""


# ---- Shapes of what CBOR gives, in which integers are integers and bytes are bytes.
def integer(low, high):
    return lambda value: type(value) is int and low <= value <= high


def octets(low, high):
    return lambda value: isinstance(value, bytes) and low <= len(value) <= high


def hashes(most):
    """Hashes joined."""
    return lambda value: octets(0, 32 * most)(value) and len(value) % 32 == 0


def row(*items):
    return lambda value: isinstance(value, list) and len(value) == len(items) and all(item(part) for item, part in zip(items, value))


digest, position, place = octets(32, 32), integer(0, 99_999), integer(0, 16383)
perhaps_position = either(position, lambda value: value is None)
is_key = either(closed({"kty": one_of("EC"), "crv": one_of("P-256"), "x": digest, "y": digest}),
                closed({"kty": one_of("OKP"), "crv": one_of("Ed25519"), "x": digest}))


def table(item, low=0):
    return listed(item, low, 100_000)


def batch(*more):
    """Of passports with that much more than place and digest."""
    return closed({"entry": position, "nodes": hashes(16384), "passports": listed(row(place, digest, *more), 1, 16384)})


def positions(value):
    return octets(0, 256)(value) and len(value) % 4 == 0


is_head = closed({
    "ledger": text(0, 80), "statements": listed(text(1, 4096), 0, 64), "nodes": listed(octets(32, 576)), "keys": table(is_key),
    "grants": table(row(integer(0, 2**32 - 1), text(1, 255))), "entries": table(row(integer(0, 2**53 - 1), octets(1, 8192), hashes(52))),
    "events": table(text(1, 65536)), "lots": table(row(positions, positions)), "earlier": table(batch()),
    "anchors": table(batch(position, perhaps_position, perhaps_position, perhaps_position), 1),
})


# ---- The file
def read_pack(data):
    """The head, then evidence as bytes, one after the other."""
    need(data[:9] == b"dpp-pack\1" and len(data) >= 45)
    encoded, rest = take_counted(data[41:], 2**25)
    need(sha256(encoded) == data[9:41])
    head = read_head(encoded)
    yield head
    keys = [{name: b64(part) if isinstance(part, bytes) else part for name, part in key.items()} for key in head["keys"]]
    entries = [{"index": index, "bytes": b64(entry), "proof": list(map(b64, split(path)))} for index, entry, path in head["entries"]]
    versions = [(batch, passport) for batch in head["earlier"] for passport in batch["passports"]]

    def take_credential(batch, passport):
        """As the member `credential` and where it was anchored."""
        nonlocal rest
        credential, rest = take_counted(rest, 2**20)
        need(sha256(credential) == passport[1])
        return {"credential": credential.decode("utf-8"), "entry": entries[batch["entry"]],
                "batch": {"index": passport[0], "proof": list(map(b64, batch["paths"][passport[0]]))}}

    for batch in head["anchors"]:
        for passport in batch["passports"]:
            _, _, key, grant, lots, earlier = passport
            evidence = {"version": "dpp-evidence/1", "ledger": head["ledger"], "key": keys[key], **take_credential(batch, passport)}
            if grant is not None:
                evidence["grant"] = dict(zip(("number", "prefix"), head["grants"][grant]))
            if lots is not None:
                behind, described = map(read_positions, head["lots"][lots])
                evidence["lots"] = {"entries": [entries[at] for at in behind], "events": [head["events"][at] for at in described]}
            if earlier is not None:
                evidence["earlier"] = take_credential(*versions[earlier])
            yield json.dumps(evidence).encode()
    need(not rest)


def take_counted(data, most):
    """So many bytes as the first four say, and what follows them."""
    need(len(data) >= 4)
    end = 4 + int.from_bytes(data[:4])
    need(end - 4 <= most and end <= len(data))
    return data[4:end], data[end:]


def read_head(encoded):
    """The head, with the `paths` of each anchor's passports by their places."""
    try:
        head = cbor2.loads(encoded)
    except Exception as error:  # Tags of CBOR that DAG-CBOR does not have fail in ways of their own.
        raise Refused from error
    need(is_head(head) and cbor2.dumps(head, canonical=True) == encoded)
    passports = [passport for batch in head["anchors"] for passport in batch["passports"]]
    need(1 <= len(passports) <= 100_000)
    need(is_ascending([index for index, _, _ in head["entries"]]))
    for batches in (head["earlier"], head["anchors"]):
        need(is_ascending([batch["entry"] for batch in batches]))
        for batch in batches:
            need(batch["entry"] < len(head["entries"]))
            entry, places = read_entry(head["entries"][batch["entry"]][1]), [place for place, *_ in batch["passports"]]
            need(entry["kind"] == "anchored" and is_ascending(places) and places[-1] < entry["size"])
            leaves = {place: hash_leaf(hashed) for place, hashed, *_ in batch["passports"]}
            batch["paths"] = open_paths(leaves, entry["size"], split(batch["nodes"]))
            need(batch["paths"] is not None)
    # Tables hold what is used, once, in the order of its first use; entries and earlier versions have an order of their own.
    keys, grants, lots, earlier = ([place for place in column if place is not None] for column in list(zip(*passports))[2:])
    events = [place for _, described in head["lots"] for place in read_positions(described)]
    for name, used in {"keys": keys, "grants": grants, "lots": lots, "events": events}.items():
        need(list(dict.fromkeys(used)) == list(range(len(head[name]))))
        need(len(set(map(cbor2.dumps, head[name]))) == len(head[name]))
    entries = {batch["entry"] for batch in head["earlier"] + head["anchors"]}
    entries.update(place for behind, _ in head["lots"] for place in read_positions(behind))
    need(entries == set(range(len(head["entries"]))))
    need(set(earlier) == set(range(sum(len(batch["passports"]) for batch in head["earlier"]))))
    return head


def read_positions(joined):
    return [int.from_bytes(joined[at:at + 4]) for at in range(0, len(joined), 4)]


def is_ascending(numbers):
    return numbers == sorted(set(numbers))


def split(joined):
    return [joined[at:at + 32] for at in range(0, len(joined), 32)]


# ---- The judgement
def verify_pack(vector):
    reports, case = [], {"expected": vector["expected"], "now": vector["now"], "policy": vector["policy"], "facts": None}

    def judge(presented, prove_facts=None):
        reports.append(verify({**case, "presented": b64(presented)}, prove_facts))
        return reports[-1]

    try:
        pack = read_pack(unb64(vector["pack"]))
        head = next(pack)
        trie, is_proved = Trie(head["nodes"]), True

        def prove_facts(question, upstream):
            try:
                return read_facts(question, upstream, agree(head["statements"], vector["policy"].get("witnessPolicy")), trie), None
            except NoFacts as no:
                return None, str(no)

        for evidence in pack:
            is_proved = judge(evidence, prove_facts)["facts"] and is_proved
        need(not is_proved or len(trie.used) == len(head["nodes"]))
    except (Refused, ValueError):
        judge(UNREADABLE)
    return reports


if __name__ == "__main__":
    for vector in json.load(sys.stdin, parse_int=float)["vectors"]:
        print(json.dumps({"name": vector["name"], "reports": verify_pack(vector)}))
