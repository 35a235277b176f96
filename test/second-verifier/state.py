"""Facts that need no source, from docs/packs.md, docs/verification.md and C2SP's tlog-policy: what witnesses state of a block, and proofs
of Ethereum's state under its root."""
import base64

from Crypto.Hash import keccak
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from formats import read_json
from lots import NOBODY
from shapes import attempt, b64, closed, hexed, is_hash, is_ledger, need, one_of, sha256, text, unb64, whole
from trees import hash_node


class NoFacts(Exception):
    """Why there are none."""


def prove(condition, reason):
    if not condition:
        raise NoFacts(reason)


# ---- The word of witnesses
is_header = closed({"alg": one_of("Ed25519"), "typ": one_of("dpp-state+jwt"), "kid": text(10)})
is_statement = closed({
    "ledger": is_ledger, "genesis": hexed(32), "codeHash": hexed(32), "origin": text(), "iat": whole(),
    "block": closed({"number": whole(), "hash": hexed(32), "stateRoot": hexed(32), "time": whole()}),
    "tree": closed({"size": whole(), "root": is_hash}),
})


def read_policy(lines):
    """tlog-policy: keys of the witnesses by their `kid`, origins of logs, and whether names of witnesses are enough."""
    witnesses, logs, members, is_enough = {}, [], {"none": lambda names: True}, None
    for keyword, *words in (line.split() for line in lines.split("\n") if line.strip()):
        if keyword == "log":
            logs.append(words[0].split("+")[0])
        elif keyword == "witness":
            name, number, key = words[1].split("+", 2)
            witnesses[f"{name}+{number}"] = (words[0], base64.b64decode(key)[1:])
            members[words[0]] = lambda names, name=words[0]: name in names
        elif keyword == "group":
            some = [members[name] for name in words[2:]]
            needed = {"any": 1, "all": len(some)}.get(words[1]) or int(words[1])
            members[words[0]] = lambda names, some=some, needed=needed: sum(member(names) for member in some) >= needed
        elif keyword == "quorum":
            is_enough = members[words[0]]
    return witnesses, logs, is_enough


def read_statement(jwt):
    """Its `kid`, payload and signature, and what is signed."""
    parts = jwt.split(".")
    need(len(jwt) <= 4096 and len(parts) == 3)
    header, payload, signature = read_json(unb64(parts[0])), read_json(unb64(parts[1])), unb64(parts[2])
    need(is_header(header) and is_statement(payload) and len(signature) == 64)
    _, chain, address = payload["ledger"].split(":")
    need(int(chain) < 2**53)
    is_origin = text(pattern="dpp-ledger/eip155/%s/%s/%s/[1-9][0-9]{0,8}" % (chain, payload["genesis"][2:10], address))
    need(is_origin(payload["origin"]))
    return header["kid"], payload, signature, ".".join(parts[:2]).encode()


def agree(jwts, policy):
    """The state that enough witnesses of the policy say alike."""
    prove(policy is not None, "no-witnesses")
    witnesses, logs, is_enough = read_policy(policy)
    prove(not is_enough(set()), "no-witnesses")
    states, names = [], set()
    for jwt in jwts:
        statement = attempt(read_statement, jwt)
        prove(statement is not None, "statement-unreadable")
        kid, payload, signature, signed = statement
        if kid in witnesses:
            name, key = witnesses[kid]
            try:
                ed25519.Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
            except InvalidSignature as error:
                raise NoFacts("statement-forged") from error
            states.append({member: value for member, value in payload.items() if member != "iat"})
            names.add(name)
    prove(states, "too-few-witnesses")
    prove(all(state == states[0] for state in states), "statements-disagree")
    prove(not logs or states[0]["origin"] in logs, "statements-other-log")
    prove(is_enough(names), "too-few-witnesses")
    return states[0]


# ---- Ethereum's tries
def keccak256(data):
    return keccak.new(digest_bits=256, data=data).digest()


def read_rlp(data):
    """An item and what follows it."""
    first = data[0]
    if first < 0x80:
        return data[:1], data[1:]
    is_list = first >= 0xC0
    short = first - (0xC0 if is_list else 0x80)
    start = 1 if short < 56 else 1 + short - 55
    length = short if short < 56 else int.from_bytes(data[1:start])
    body, rest = data[start:start + length], data[start + length:]
    need(len(body) == length)
    if not is_list:
        return body, rest
    items = []
    while body:
        item, body = read_rlp(body)
        items.append(item)
    return items, rest


class Trie:
    """Nodes by their hashes; `used` are those that some answer stands on."""

    def __init__(self, nodes):
        self.nodes, self.used = {keccak256(node): node for node in nodes}, set()

    def open(self, node):
        if isinstance(node, list):
            return node
        prove(node in self.nodes, "state-not-proved")
        self.used.add(node)
        return read_rlp(self.nodes[node])[0]

    def get(self, root, key):
        """The value under the hash of the key; None where it is proved that there is none."""
        path, node = keccak256(key).hex(), self.open(root)
        while len(node) == 17 or not path_of(node)[1]:
            if len(node) == 17:
                if not path:
                    return node[16] or None
                step, path = node[int(path[0], 16)], path[1:]
                if step == b"":
                    return None
                node = self.open(step)
            else:
                shared, _ = path_of(node)
                if not path.startswith(shared):
                    return None
                node, path = self.open(node[1]), path[len(shared):]
        return node[1] if path_of(node)[0] == path else None


def path_of(node):
    """The nibbles of an extension or leaf, and whether it is a leaf."""
    nibbles = node[0].hex()
    return nibbles[1 if int(nibbles[0], 16) & 1 else 2:], bool(int(nibbles[0], 16) & 2)


# ---- The slots of the ledger and of Materials
ISSUERS, KEYS, GRANTS, STATUS, LOTS = 71, 72, 73, 74, 0


def read_facts(question, upstream, state, trie):
    """Of the question of a passport, and of what has to be asked of the entries behind its lots."""
    chain, address = state["ledger"].split(":")[1:]
    ledger = {"chainId": float(chain), "address": address, "genesis": state["genesis"], "codeHash": state["codeHash"]}
    root = unhex(state["block"]["stateRoot"])
    storage, code = open_account(trie, root, unhex(address))
    prove("0x" + code.hex() == ledger["codeHash"], "state-other-code")

    def word(slot):
        return read_word(trie, storage, slot)

    journal = word(pad(0))
    size = bits(journal, 8, 71)
    peaks = [pad(word(pad(1 + level))) for level in reversed(range(size.bit_length())) if size >> level & 1]
    folded = peaks[-1] if peaks else sha256(b"")
    for peak in reversed(peaks[:-1]):
        folded = hash_node(peak, folded)
    prove(size == state["tree"]["size"] and b64(folded) == state["tree"]["root"], "state-other-tree")

    block = state["block"]
    facts = {
        "source": "witnesses", "ledger": ledger, "question": question, "closed": bits(journal, 72, 79) != 0,
        "blockNumber": block["number"], "blockTime": block["time"], "finalBlockNumber": block["number"],
        "treeHead": {"size": float(size), "peaks": ["0x" + peak.hex() for peak in peaks]}, **answer(question, word),
    }
    grant = word(keccak256(unhex(question["grant"]) + under_issuer(question, GRANTS)))
    if bits(grant, 0, 39):
        facts["grant"] = {"from": number(grant, 0, 39), **perhaps(until=number(grant, 40, 79))}

    def is_void(lot):
        lots, _ = open_account(trie, root, keccak256(b"\xd6\x94" + unhex(address) + b"\1")[12:])
        return bits(read_word(trie, lots, keccak256(unhex(lot) + pad(LOTS))), 184, 184) == 1

    if upstream:
        facts["upstream"] = [{"question": {**asked, "grant": NOBODY}, **answer(asked, word),
                              "lots": [{"lot": lot, "isVoid": is_void(lot)} for lot in asked["lots"]]} for asked in upstream]
    return facts


def open_account(trie, root, address):
    """Its storage root and code hash."""
    account = trie.get(root, address)
    prove(account is not None, "state-not-proved")
    _, _, storage, code = read_rlp(account)[0]
    return storage, code


def read_word(trie, storage, slot):
    value = trie.get(storage, slot)
    return 0 if value is None else int.from_bytes(read_rlp(value)[0])


def under_issuer(question, mapping):
    return keccak256(unhex(question["issuer"]) + pad(mapping))


def answer(question, word):
    """Of issuer, key and status."""
    issuer = word(under_issuer(question, ISSUERS))
    key = word(keccak256(unhex(question["key"]) + under_issuer(question, KEYS)))
    place = int(question["list"]) * 1024 + int(question["word"])
    revoked, superseded = (word(keccak256(pad(place + further) + under_issuer(question, STATUS))) for further in (0, 512))
    said = {"status": {"revoked": str(revoked), "superseded": str(superseded)}}
    if bits(issuer, 0, 31):
        said["issuer"] = {"number": number(issuer, 0, 31), "roles": number(issuer, 32, 47), "suspended": bits(issuer, 48, 55) != 0,
                          **perhaps(withdrawnSince=number(issuer, 56, 95))}
    if bits(key, 0, 15):
        said["key"] = {"purposes": number(key, 0, 15), "validFrom": number(key, 16, 55),
                       **perhaps(retiredAt=number(key, 56, 95), compromisedSince=number(key, 96, 135))}
    return said


def unhex(encoded):
    return bytes.fromhex(encoded[2:])


def pad(value):
    return value.to_bytes(32)


def bits(word, low, high):
    return word >> low & (1 << high - low + 1) - 1


def number(word, low, high):
    """As numbers are in facts."""
    return float(bits(word, low, high))


def perhaps(**members):
    """Those that are there."""
    return {name: value for name, value in members.items() if value}
