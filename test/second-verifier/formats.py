"""The formats of docs/verification.md: strict JSON, evidence, the credential and its JWT, its status's place, and facts. A reader gives
what it read, or raises Refused or a ValueError."""
import json
import math
import re

from shapes import (SPACE, attempt, closed, decimal, either, hexed, instant, is_boolean, is_did, is_hash, is_id, is_instant,
                    is_ledger, is_uri, listed, need, one_of, record, several, sha256, text, unb64, whole)

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
KINDS = {"DigitalProductPassport": "passport", "DigitalTraceabilityEvent": "event", "DigitalConformityCredential": "conformity",
         "DigitalFacilityRecord": "facility", "DigitalIdentityAnchor": "identityAnchor"}
CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"]


# ---- JSON, read strictly
def read_json(source):
    value = json.loads(source.decode("utf-8"), object_pairs_hook=read_members, parse_int=read_number, parse_float=read_number,
                       parse_constant=lambda _: need(False))
    need(is_shallow(value))
    json.dumps(value, ensure_ascii=False).encode("utf-8")  # Refuses half a surrogate pair.
    return value


def read_members(pairs):
    members = dict(pairs)
    need(len(members) == len(pairs) and "__proto__" not in members)
    return members


def read_number(digits):
    need(math.isfinite(float(digits)))
    return float(digits)


def is_shallow(value, left=32):
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return items is None or (left > 0 and all(is_shallow(item, left - 1) for item in items))


# ---- Evidence
is_key = either(closed({"kty": one_of("EC"), "crv": one_of("P-256"), "x": is_hash, "y": is_hash}),
                closed({"kty": one_of("OKP"), "crv": one_of("Ed25519"), "x": is_hash}))
is_jwt = text(1, 2**20)
is_batch = closed({"index": whole(0, 16383), "proof": listed(is_hash, 0, 14)})
is_entry = closed({"index": whole(), "bytes": text(1, 10923, "[A-Za-z0-9_-]*"), "proof": listed(is_hash, 0, 52)})
is_evidence = closed({
    "version": one_of("dpp-evidence/1"),
    "ledger": is_ledger,
    "credential": is_jwt,
    "key": is_key,
    "batch": is_batch,
    "entry": is_entry,
}, {
    "lots": closed({"entries": listed(is_entry, 0, 64), "events": listed(text(1, 2**16), 0, 64)}),
    "earlier": closed({"credential": is_jwt, "batch": is_batch, "entry": is_entry}),
    "grant": closed({"number": whole(0, 2**32 - 1), "prefix": text(1, 255)}),
})


def read_evidence(data):
    need(len(data) <= 2**22)
    evidence = read_json(data)
    need(is_evidence(evidence))
    return evidence


# ---- The credential's bytes
is_header = closed({"alg": one_of("ES256", "Ed25519", "EdDSA"), "typ": one_of("vc+jwt"), "kid": text(1, 300)}, {"cty": one_of("vc")})


def read_jwt(jwt):
    parts = jwt.split(".")
    need(len(jwt) <= 2**20 and len(parts) == 3)
    header, payload, signature = map(unb64, parts)
    header = read_json(header)
    need(is_header(header) and len(signature) == 64)
    need(header["alg"] != "ES256" or int.from_bytes(signature[32:]) <= (P256_ORDER - 1) // 2)
    return {"header": header, "payload": read_json(payload), "signature": signature, "signed": ".".join(parts[:2]).encode(),
            "digest": sha256(jwt.encode())}


# ---- The credential
is_names = listed(text(1), 1, 1000)
is_language = closed({"@value": text()}, {"@language": text(), "@direction": one_of("ltr", "rtl")})
is_typed = record({"type": either(text(1), is_names)}, {"id": is_uri})
is_subject = record({"id": is_id}, {"type": is_names, "name": text()})


def is_schema(value):
    return is_typed(value) and "id" in value


def is_context(value):
    return listed(is_uri, 2, 1000)(value) and value[:2] == CONTEXTS


def is_type(value):
    return is_names(value) and "VerifiableCredential" in value and sum(name in KINDS for name in value) == 1


is_credential = record({
    "@context": is_context,
    "type": is_type,
    "id": is_id,
    "issuer": record({"id": is_did, "name": text(1)}),
    "validFrom": is_instant,
    "name": text(1),
    "credentialSubject": several(is_subject),
}, {
    "validUntil": is_instant,
    "credentialStatus": record({"type": either(text(), is_names)}, {"id": is_uri}),
    "description": either(text(), several(is_language)),
    "credentialSchema": several(is_schema),
    **dict.fromkeys(("refreshService", "termsOfUse", "evidence", "proof"), several(is_typed)),
    **dict.fromkeys(("iss", "jti", "sub"), text()),
})


def read_credential(payload):
    """The payload, with `kind`, and `subjects` as a list."""
    need(is_credential(payload) and not payload.keys() & {"vc", "vp", "exp", "nbf"})
    need("validUntil" not in payload or instant(payload["validUntil"]) >= instant(payload["validFrom"]))
    kind, subjects = next(KINDS[name] for name in payload["type"] if name in KINDS), payload["credentialSubject"]
    need(kind == "event" or isinstance(subjects, dict))
    subjects = subjects if isinstance(subjects, list) else [subjects]
    need(payload.get("iss", payload["issuer"]["id"]) == payload["issuer"]["id"])
    need(payload.get("jti", payload["id"]) == payload["id"])
    need(all(payload.get("sub", subject["id"]) == subject["id"] for subject in subjects))
    return {**payload, "kind": kind, "subjects": subjects}


PLACE = r"(eip155:[1-9][0-9]{0,15}:0x[0-9a-fA-F]{40})#status-(0|[1-9][0-9]{0,19})-(0|[1-9][0-9]{0,5})"
is_status = record({
    "id": text(pattern=PLACE),
    "type": lambda value: value in ("BitstringStatusListEntry", ["BitstringStatusListEntry"]),
    "statusPurpose": one_of("revocation"),
    "statusListCredential": text(),
    "statusListIndex": either(whole(), text(pattern="0|[1-9][0-9]{0,5}")),
})


def read_place(status):
    need(is_status(status))
    ledger, number, index = re.fullmatch(PLACE, status["id"]).groups()
    need(int(number) < 2**64 and int(index) < 131072 and int(status["statusListIndex"]) == int(index))
    return {"ledger": ledger.lower(), "list": int(number), "word": int(index) // 256, "bit": int(index) % 256}


# ---- Facts
is_pin = closed({"chainId": whole(1), "genesis": hexed(32), "address": hexed(20), "codeHash": hexed(32)})


def is_tree_head(value):
    return record({"size": whole(), "peaks": listed(hexed(32))})(value) and int(value["size"]).bit_count() == len(value["peaks"])


is_question = record({"issuer": hexed(32), "key": hexed(32), "grant": hexed(32), "list": decimal(64), "word": whole(0, 511)})
is_statuses = record({"revoked": decimal(256), "superseded": decimal(256)})
OF_ACTOR = {
    "issuer": record({"number": whole(1), "roles": whole(0, 65535), "suspended": is_boolean}, {"withdrawnSince": whole()}),
    "key": record({"purposes": whole(0, 65535), "validFrom": whole()}, {"retiredAt": whole(), "compromisedSince": whole()}),
    "logged": record({"index": whole(), "bytes": text(pattern="0x([0-9a-f]{2})*")}),
}
is_upstream = record({"question": is_question, "status": is_statuses,
                      "lots": listed(record({"lot": hexed(32), "isVoid": is_boolean}), 0, 16)}, OF_ACTOR)
is_facts = record({
    "source": text(0, 2048),
    "ledger": is_pin,
    "blockNumber": whole(),
    "blockTime": whole(),
    "finalBlockNumber": whole(),
    "closed": is_boolean,
    "treeHead": is_tree_head,
    "question": is_question,
    "status": is_statuses,
}, {
    **OF_ACTOR,
    "grant": record({"from": whole()}, {"until": whole()}),
    "upstream": listed(is_upstream, 0, 65),
})


def drop_nulls(facts):
    """Facts of a vector, in which `null` stands for what is left out."""
    if isinstance(facts, list):
        return list(map(drop_nulls, facts))
    return {name: drop_nulls(value) for name, value in facts.items() if value is not None} if isinstance(facts, dict) else facts


def read_text(data):
    """A bare credential as text; None of what has to be evidence."""
    presented = attempt(bytes.decode, data)
    return None if presented is None or re.match("[%s]*{" % SPACE, presented) else presented
