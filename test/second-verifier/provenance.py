"""The check of provenance, in the order of docs/verification.md."""
import math

from lots import Upstream, add_up, drawing, read_claims, says, with_ancestors
from shapes import attempt, sha256, unb64
from trees import hash_leaf, root_of, stand


def provenance(case):
    if case.credential is None: return "not-reached"
    if case.credential["kind"] != "passport" or not drawing(case.credential)[1]: return "no-lot"
    claims = attempt(read_claims, case.credential)
    if claims is None: return "malformed"
    if case.is_bare: return "no-anchor"
    if any(claim["ledger"] != case.evidence["ledger"] for claim in claims): return "other-ledger"
    if case.anchor is None: return "not-reached"
    claimed = add_up((claim["lot"], claim["milligrams"]) for claim in claims)
    upstream = Upstream(case.evidence, case.anchor)
    earlier, allocated = None, allocations(case.anchor)
    if any(allocated.get(lot, 0) < milligrams for lot, milligrams in claimed.items()) and upstream.earlier:
        earlier = upstream.earlier
        if not is_earlier(earlier, case): return "earlier-differs"
        allocated = add_up([*allocated.items(), *allocations(earlier["anchor"]).items()])
    for lot, milligrams in claimed.items():
        if lot not in allocated: return "not-allocated"
        if milligrams > allocated[lot]: return "over-claimed"
    if any(claim["lot"] in upstream.lots and not is_as_made(claim, upstream.lots[claim["lot"]]) for claim in claims): return "misdescribed"
    if any(lot not in upstream.lots for lot in claimed): return "no-lineage"
    if case.reason: return case.reason
    answers = case.facts.get("upstream")
    if answers is None or [question_of(answer) for answer in answers] != upstream.questions: return "not-asked"
    needed = with_ancestors(upstream.lots, claimed)
    steps = [(making, answer) for making, answer in zip(upstream.makings, answers) if any(lot in needed for lot, _ in making.made)]
    entries = [(making.place, making.bytes, making.entry, answer) for making, answer in steps]
    if earlier: entries.append((earlier["place"], earlier["bytes"], earlier["anchor"], answers[-1]))
    return find_amiss(case, entries) or judge(case, upstream, needed, claimed, steps)


def allocations(anchor):
    return add_up((item["lot"], item["milligrams"]) for item in anchor["lists"][0])


def is_earlier(earlier, case):
    anchor, ids = earlier["anchor"], sorted(subject["id"] for subject in earlier["credential"]["subjects"])
    issuer, batch = sha256(earlier["credential"]["issuer"]["id"].encode()), earlier["batch"]
    return (earlier["place"]["index"] < case.evidence["entry"]["index"] and anchor["issuer"] == case.anchor["issuer"] == issuer
            and earlier["credential"]["kind"] == "passport" and ids == sorted(case.ids) and batch["index"] < anchor["size"]
            and root_of(hash_leaf(earlier["digest"]), int(batch["index"]), anchor["size"], map(unb64, batch["proof"])) == anchor["root"])


def is_as_made(claim, lot):
    return claim["substance"] == lot["substance"] and claim["origin"] == lot["origin"] and claim["custody"] >= lot["custody"]


def question_of(answer):
    asked = {name: answer["question"][name] for name in ("issuer", "key", "list", "word")}
    return {**asked, "lots": [lot["lot"] for lot in answer["lots"]]}


def find_amiss(case, entries):
    """Why one of the entries does not stand in the journal, as far as the policy asks, or None."""
    first = None
    for place, data, entry, answer in entries:
        standing = stand(place, data, case.facts["treeHead"], answer.get("logged", {}), case.are_facts_proved)
        if standing == "mismatch" and entry["block"] <= case.facts["finalBlockNumber"]: return "not-in-journal"
        amiss = {"mismatch": "not-final", "beyond": "ahead-of-facts", "stale": "proof-outdated"}.get(standing)
        if amiss is None and standing not in case.standings: amiss = "standing-not-accepted"
        first = first or amiss
    return first


def judge(case, upstream, needed, claimed, steps):
    """Of entries that are the ledger's: whether what they made holds."""
    at_fault, in_doubt, is_silent = set(), set(), False
    for making, answer in steps:
        made, time = {lot for lot, _ in making.made} & needed, making.entry["time"]
        at_fault |= {bytes.fromhex(lot["lot"][2:]) for lot in answer["lots"] if lot["isVoid"]} & needed
        event = upstream.events.get(making.event)
        if time >= answer.get("issuer", {}).get("withdrawnSince", math.inf):
            at_fault |= made
        elif making.event is not None and event is None:
            is_silent = True
        elif event and (not says(event, making, case.evidence["ledger"]) or is_revoked(event, answer)):
            at_fault |= made
        if time >= answer.get("key", {}).get("compromisedSince", math.inf):
            in_doubt |= made
    wholly, _ = rely(upstream.lots, at_fault)
    if wholly & claimed.keys(): return "unsound"
    if is_silent: return "no-event"
    _, affected = rely(upstream.lots, at_fault | in_doubt)
    return "in-doubt" if any(affected[lot] for lot in claimed) else "valid"


def is_revoked(event, answer):
    return bool(int(answer["status"]["revoked"]) >> event["place"]["bit"] & 1)


def rely(lots, at_fault):
    """Which lots are wholly at fault, and at most how many milligrams of each come from what is."""
    wholly, affected = set(), {}
    for lot, about in lots.items():  # Sources come before what is made of them.
        taken = sum(min(milligrams, affected[source]) for source, milligrams in about["sources"])
        affected[lot] = about["milligrams"] if lot in at_fault else min(about["milligrams"], taken)
        if lot in at_fault or (about["sources"] and all(source in wholly for source, _ in about["sources"])):
            wholly.add(lot)
    return wholly, affected
