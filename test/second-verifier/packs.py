"""Packs, written from docs/packs.md, docs/verification.md and C2SP's tlog-policy alone: the file, statements of witnesses, and proofs of
Ethereum's state. `python packs.py < vectors.json`, each vector a `pack` (base64url), `policy` (docs/policy.md), `expected` and `now`; writes
for each a line of JSON, a list of reports."""
import base64
import json
import sys

import cbor2
from Crypto.Hash import keccak
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from verify import (H, PIN, Refused, attempt, b64, closed, hash32, hexed, need, one, read_entry, read_json, text, unb64, verify, whole)

UNREADABLE = b"{"  # as evidence: no JSON
COUNT = whole()
HEADER = closed({"alg": one("Ed25519"), "typ": one("dpp-state+jwt"), "kid": text(10)})
STATEMENT = closed({"ledger": text(pattern="eip155:[1-9][0-9]{0,15}:0x[0-9a-f]{40}"), "genesis": hexed(32), "codeHash": hexed(32), "origin": text(),
                    "block": closed({"number": COUNT, "hash": hexed(32), "stateRoot": hexed(32), "time": COUNT}),
                    "tree": closed({"size": COUNT, "root": hash32}), "iat": COUNT})


class NoFacts(Exception):
    """Why there are none."""

def prove(condition, reason):
    if not condition: raise NoFacts(reason)

def keccak256(data):
    return keccak.new(digest_bits=256, data=data).digest()


# ---- The file
def integer(low, high): return lambda v: type(v) is int and low <= v <= high
def octets(low, high=None): return lambda v: isinstance(v, bytes) and low <= len(v) <= (low if high is None else high)
def hashes(most): return lambda v: isinstance(v, bytes) and len(v) % 32 == 0 and len(v) <= 32 * most
def every(item, low=0, high=2**32): return lambda v: isinstance(v, list) and low <= len(v) <= high and all(map(item, v))
def row(*items): return lambda v: isinstance(v, list) and len(v) == len(items) and all(item(part) for item, part in zip(items, v))

KEY = lambda v: (closed({"kty": one("EC"), "crv": one("P-256"), "x": octets(32), "y": octets(32)})(v)
                 or closed({"kty": one("OKP"), "crv": one("Ed25519"), "x": octets(32)})(v))
POSITION = integer(0, 99_999)
HEAD = closed({
    "ledger": text(0, 80), "statements": every(text(1, 4096), 0, 64), "nodes": every(octets(32, 576)), "keys": every(KEY),
    "grants": every(row(integer(0, 2**32 - 1), text(1, 255))),
    "anchors": every(closed({"index": integer(0, 2**53 - 1), "entry": octets(1, 8192), "path": hashes(52), "nodes": hashes(16384), "passports": every(
        row(integer(0, 16383), octets(32), POSITION, lambda v: v is None or POSITION(v)), 1, 16384)}), 1)})

def split(joined):
    return [joined[at:at + 32] for at in range(0, len(joined), 32)]

def batch_paths(places, leaves, size, nodes):
    """Of each place its inclusion path; None where there are more or fewer nodes than are left open."""
    paths, rest = {place: [] for place in places}, list(nodes)
    def fold(start, end):
        inside = [place for place in places if start <= place < end]
        if not inside: return rest.pop(0)
        if end - start == 1: return leaves[start]
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        left, right = fold(start, middle), fold(middle, end)
        for place in inside: paths[place].append(right if place < middle else left)
        return H(b"\1", left, right)
    try: fold(0, size)
    except IndexError: return None
    return None if rest else paths

def read_head(encoded):
    try: head = cbor2.loads(encoded)
    except Exception: raise Refused  # tags of CBOR that DAG-CBOR does not have fail in ways of their own
    need(HEAD(head) and cbor2.dumps(head, canonical=True) == encoded)
    used = {"keys": [], "grants": []}
    need(1 <= sum(len(anchor["passports"]) for anchor in head["anchors"]) <= 100_000)
    indices = [anchor["index"] for anchor in head["anchors"]]
    need(indices == sorted(set(indices)))
    for anchor in head["anchors"]:
        entry, places = read_entry(anchor["entry"]), [passport[0] for passport in anchor["passports"]]
        need(entry and places == sorted(set(places)) and places[-1] < entry["size"])
        leaves = {place: H(b"\0", digest) for place, digest, _, _ in anchor["passports"]}
        anchor["paths"] = batch_paths(places, leaves, entry["size"], split(anchor["nodes"]))
        need(anchor["paths"] is not None)
        for _, _, key, grant in anchor["passports"]:
            if key not in used["keys"]: used["keys"].append(key)
            if grant is not None and grant not in used["grants"]: used["grants"].append(grant)
    need(all(used[table] == list(range(len(head[table]))) for table in used))
    return head

def read_pack(data):
    """The head, then evidence as text, one after the other."""
    need(data[:9] == b"dpp-pack\1" and len(data) >= 45)
    length = int.from_bytes(data[41:45])
    head, rest = data[45:45 + length], data[45 + length:]
    need(length <= 2**25 and len(head) == length and H(head) == data[9:41])
    head = read_head(head)
    yield head
    keys = [{name: b64(part) if isinstance(part, bytes) else part for name, part in key.items()} for key in head["keys"]]
    for anchor in head["anchors"]:
        for place, digest, key, grant in anchor["passports"]:
            need(len(rest) >= 4)
            length = int.from_bytes(rest[:4])
            credential, rest = rest[4:4 + length], rest[4 + length:]
            need(length <= 2**20 and len(credential) == length and H(credential) == digest)
            evidence = {"version": "dpp-evidence/1", "ledger": head["ledger"], "credential": credential.decode("utf-8"), "key": keys[key],
                        "batch": {"index": place, "proof": list(map(b64, anchor["paths"][place]))},
                        "entry": {"index": anchor["index"], "bytes": b64(anchor["entry"]), "proof": list(map(b64, split(anchor["path"])))}}
            if grant is not None: evidence["grant"] = dict(zip(("number", "prefix"), head["grants"][grant]))
            yield json.dumps(evidence).encode()
    need(not rest)


# ---- The word of witnesses
def read_policy(lines):
    """tlog-policy: keys of the witnesses by their `kid`, origins of logs, and whether names of witnesses are enough."""
    witnesses, logs, members, quorum = {}, [], {}, None
    for words in (line.split() for line in lines.split("\n")):
        if not words or words[0].startswith("#"): continue
        keyword, *words = words
        if keyword == "log": logs.append(words[0].split("+")[0])
        if keyword == "witness":
            name, number, key = words[1].split("+", 2)
            witnesses["%s+%s" % (name, number)] = (words[0], base64.b64decode(key)[1:])
            members[words[0]] = lambda names, name=words[0]: name in names
        if keyword == "group":
            some = [members[name] for name in words[2:]]
            needed = {"any": 1, "all": len(some)}.get(words[1]) or int(words[1])
            members[words[0]] = lambda names, some=some, needed=needed: sum(member(names) for member in some) >= needed
        if keyword == "quorum": quorum = (lambda names: True) if words[0] == "none" else members[words[0]]
    return witnesses, logs, quorum

def read_statement(jwt):
    parts = jwt.split(".")
    need(len(jwt) <= 4096 and len(parts) == 3)
    header, payload, signature = read_json(unb64(parts[0])), read_json(unb64(parts[1])), unb64(parts[2])
    need(HEADER(header) and STATEMENT(payload) and len(signature) == 64)
    _, chain, address = payload["ledger"].split(":")
    need(int(chain) < 2**53)
    epoch = text(pattern="dpp-ledger/eip155/%s/%s/%s/[1-9][0-9]{0,8}" % (chain, payload["genesis"][2:10], address))
    need(epoch(payload["origin"]))
    return header["kid"], payload, signature, ".".join(parts[:2]).encode()

def witnessed(jwts, policy):
    """The state that enough witnesses of the policy say alike."""
    prove(policy is not None, "no-witnesses")
    witnesses, logs, is_enough = read_policy(policy)
    prove(not is_enough(set()), "no-witnesses")
    states, names = [], set()
    for jwt in jwts:
        statement = attempt(read_statement, jwt)
        prove(statement is not None, "statement-unreadable")
        kid, payload, signature, signed = statement
        if kid not in witnesses: continue
        name, key = witnesses[kid]
        try: ed25519.Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
        except InvalidSignature: raise NoFacts("statement-forged")
        states.append({member: value for member, value in payload.items() if member != "iat"})
        names.add(name)
    prove(states, "too-few-witnesses")
    prove(all(state == states[0] for state in states), "statements-disagree")
    prove(not logs or states[0]["origin"] in logs, "statements-other-log")
    prove(is_enough(names), "too-few-witnesses")
    return states[0]


# ---- Ethereum's tries
def read_rlp(data):
    """An item and what follows it."""
    first = data[0]
    if first < 0x80: return data[:1], data[1:]
    is_list, short = first >= 0xC0, first - (0xC0 if first >= 0xC0 else 0x80)
    start = 1 if short < 56 else 1 + short - 55
    length = short if short < 56 else int.from_bytes(data[1:start])
    body, rest = data[start:start + length], data[start + length:]
    need(len(body) == length)
    if not is_list: return body, rest
    items = []
    while body:
        item, body = read_rlp(body)
        items.append(item)
    return items, rest

class Trie:
    def __init__(self, nodes):
        self.nodes, self.used = {keccak256(node): node for node in nodes}, set()

    def open(self, node):
        if isinstance(node, list): return node
        if len(node) != 32 or node not in self.nodes: raise NoFacts("state-not-proved")
        self.used.add(node)
        return read_rlp(self.nodes[node])[0]

    def get(self, root, key):
        """The value under the hash of the key; None where it is proved that there is none."""
        path, node = keccak256(key).hex(), self.open(root)
        while True:
            if len(node) == 17:
                node, path = (node[int(path[0], 16)], path[1:]) if path else (node[16], None)
                if node == b"": return None
                if path is None: return node
                node = self.open(node)
                continue
            nibbles = node[0].hex()
            shared, is_leaf = nibbles[1 if int(nibbles[0], 16) & 1 else 2:], int(nibbles[0], 16) & 2
            if is_leaf: return node[1] if shared == path else None
            if not path.startswith(shared): return None
            node, path = self.open(node[1]), path[len(shared):]

def pad(number): return number.to_bytes(32)
def bits(word, low, high): return float(word >> low & (1 << high - low + 1) - 1)
def given(**members): return {name: value for name, value in members.items() if value}

def facts_of(question, state, trie):
    ledger = dict(zip(("chainId", "address"), state["ledger"].split(":")[1:]), genesis=state["genesis"], codeHash=state["codeHash"])
    account = trie.get(bytes.fromhex(state["block"]["stateRoot"][2:]), bytes.fromhex(ledger["address"][2:]))
    prove(account is not None, "state-not-proved")
    _, _, storage, code = read_rlp(account)[0]
    prove("0x" + code.hex() == ledger["codeHash"], "state-other-code")
    def word(slot):
        value = trie.get(storage, slot)
        return int.from_bytes(read_rlp(value)[0]) if value is not None else 0
    journal = word(pad(0))
    size = int(bits(journal, 8, 71))
    peaks = [pad(word(pad(1 + level))) for level in reversed(range(size.bit_length())) if size >> level & 1]
    root = peaks[-1] if peaks else H(b"")
    for peak in reversed(peaks[:-1]): root = H(b"\1", peak, root)
    prove(size == state["tree"]["size"] and b64(root) == state["tree"]["root"], "state-other-tree")
    by_issuer = lambda slot: keccak256(bytes.fromhex(question["issuer"][2:]) + pad(slot))
    under = lambda key, slot: keccak256(bytes.fromhex(key[2:]) + by_issuer(slot))
    place = int(question["list"]) * 1024 + int(question["word"])
    issuer, key, grant = word(by_issuer(71)), word(under(question["key"], 72)), word(under(question["grant"], 73))
    block, closed_ = state["block"], bits(journal, 72, 79) != 0
    status = {name: str(word(keccak256(pad(place + more) + by_issuer(74)))) for name, more in (("revoked", 0), ("superseded", 512))}
    facts = {"source": "witnesses", "ledger": {**ledger, "chainId": float(ledger["chainId"])}, "blockNumber": block["number"],
             "blockTime": block["time"], "finalBlockNumber": block["number"], "closed": closed_, "question": question, "status": status,
             "treeHead": {"size": float(size), "peaks": ["0x" + peak.hex() for peak in peaks]}}
    if bits(issuer, 0, 31): facts["issuer"] = {"number": bits(issuer, 0, 31), "roles": bits(issuer, 32, 47), "suspended": bits(issuer, 48, 55) != 0,
                                              **given(withdrawnSince=bits(issuer, 56, 95))}
    if bits(key, 0, 15): facts["key"] = {"purposes": bits(key, 0, 15), "validFrom": bits(key, 16, 55),
                                        **given(retiredAt=bits(key, 56, 95), compromisedSince=bits(key, 96, 135))}
    if bits(grant, 0, 39): facts["grant"] = {"from": bits(grant, 0, 39), **given(until=bits(grant, 40, 79))}
    return facts


def verify_pack(vector):
    reports, case = [], {"expected": vector["expected"], "now": vector["now"], "policy": vector["policy"], "facts": None}
    def judge(presented, source=None):
        reports.append(verify({**case, "presented": b64(presented)}, source))
        return reports[-1]
    try:
        pack = read_pack(unb64(vector["pack"]))
        head = next(pack)
        trie, is_proved = Trie(head["nodes"]), True
        def source(question):
            try: return facts_of(question, witnessed(head["statements"], vector["policy"].get("witnessPolicy")), trie), None
            except NoFacts as no: return None, str(no)
        for evidence in pack:
            is_proved = judge(evidence, source)["facts"] and is_proved
        need(not is_proved or len(trie.used) == len(head["nodes"]))
    except (Refused, ValueError):
        judge(UNREADABLE)
    return reports


if __name__ == "__main__":
    for vector in json.load(sys.stdin, parse_int=float)["vectors"]:
        print(json.dumps({"name": vector["name"], "reports": verify_pack(vector)}))
