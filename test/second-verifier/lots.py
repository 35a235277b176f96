"""Lots, as docs/verification.md has them: what a passport claims of them, and what evidence shows of where they came from."""
import math
import re

from entries import read_entry
from formats import read_credential, read_jwt, read_place
from gs1 import read_checked, read_link
from shapes import attempt, listed, need, one_of, record, sha256, text, unb64, whole

ORIGINS = ["primary", "preConsumerRecycled", "postConsumerRecycled", "renewable"]
CUSTODY = ["identityPreserved", "segregated", "controlledBlending", "massBalance", "bookAndClaim"]
OWN_SUBSTANCES = ["plastics", "paperAndBoard", "steel"]
CAS_SCHEME, OWN_SCHEME = "https://www.cas.org/cas-data/cas-registry", "https://dpp-ledger.example/ns/substance"
NOBODY = "0x" + bytes(32).hex()
LOT = "(eip155:[1-9][0-9]{0,15}:0x[0-9a-f]{40})#lot-([0-9a-f]{64})"


def read_lot(uri):
    """The ledger and the lot's id."""
    need(text(pattern=LOT)(uri))
    ledger, digits = re.fullmatch(LOT, uri).groups()
    return ledger, bytes.fromhex(digits)


def add_up(masses):
    sums = {}
    for lot, milligrams in masses:
        sums[lot] = sums.get(lot, 0) + milligrams
    return sums


# ---- What a passport claims
def drawing(credential):
    """Its subject, and the materials of it that name a lot."""
    subject = credential["subjects"][0]
    materials = subject.get("materialProvenance")
    materials = materials if isinstance(materials, list) else [materials]
    return subject, [material for material in materials if isinstance(material, dict) and "lot" in material]


is_claim = record({
    "lot": text(), "mass": record({"value": lambda value: type(value) is float, "unit": one_of("GRM")}),
    "originClass": one_of(*ORIGINS), "chainOfCustodyModel": one_of(*CUSTODY),
    "materialType": record({"code": text(), "schemeId": one_of(CAS_SCHEME, OWN_SCHEME)}),
})


def read_claims(credential):
    subject, materials = drawing(credential)
    units = count_units(subject)
    return [read_claim(material, units) for material in materials]


def read_claim(material, units):
    need(is_claim(material))
    ledger, lot = read_lot(material["lot"])
    grams = material["mass"]["value"]
    need(math.isfinite(grams * 1000))
    milligrams = round(grams * 1000)
    need(1 <= milligrams < 2**53 and milligrams / 1000 == grams)
    code, scheme = material["materialType"]["code"], material["materialType"]["schemeId"]
    return {"ledger": ledger, "lot": lot, "milligrams": milligrams * units, "substance": read_substance(code, scheme),
            "origin": 1 + ORIGINS.index(material["originClass"]), "custody": 1 + CUSTODY.index(material["chainOfCustodyModel"])}


def read_substance(code, scheme):
    """The ledger's number."""
    if scheme == OWN_SCHEME:
        need(code in OWN_SUBSTANCES)
        return 2**39 + 1 + OWN_SUBSTANCES.index(code)
    need(re.fullmatch("[1-9][0-9]{1,6}-[0-9]{2}-[0-9]", code))
    *digits, last = map(int, code.replace("-", ""))
    need(sum(place * digit for place, digit in enumerate(reversed(digits), 1)) % 10 == last)
    return int(code.replace("-", ""))


def count_units(subject):
    granularity, units = subject.get("idGranularity"), subject.get("unitCount", 1.0)
    need(granularity == (level_of(subject["id"]) or granularity))
    need(granularity in ("item", "batch") and (granularity == "item" or "unitCount" in subject))
    need(whole(1)(units) and (granularity == "batch" or units == 1))
    return int(units)


def level_of(subject):
    """Of what a GTIN names; None where another key does not tell."""
    if attempt(read_link, subject) is None:
        return None
    names = [ai for ai, _ in read_checked(subject)]
    if names[0] != "01":
        return None
    return "item" if "21" in names else "batch" if "10" in names else "model"


# ---- Masses in an event
is_product = record({"product": record({"id": text()}, {"lot": text()})},
                    {"quantity": record({"value": lambda value: type(value) is float, "unit": text()})})
LISTS = {"MakeEvent": ("inputProduct", "outputProduct"), "MoveEvent": ("movedProduct",), "ModifyEvent": ()}


def read_masses(credential, ledger):
    """Of each list of products the lots of this ledger with their milligrams."""
    need(credential["kind"] == "event")
    masses = {term: {} for terms in LISTS.values() for term in terms}
    for subject in credential["subjects"]:
        kinds = [kind for kind in LISTS if kind in subject.get("type", [])]
        need(len(kinds) == 1)
        for term in LISTS[kinds[0]]:
            need(listed(is_product)(subject.get(term)))
            for item in subject[term]:
                if "lot" in item["product"]:
                    read_mass(item, ledger, masses[term])
    return masses


def read_mass(item, ledger, masses):
    where, lot = read_lot(item["product"]["lot"])
    need(item["product"]["id"] == item["product"]["lot"])
    need("quantity" in item and item["quantity"]["unit"] == "MGM" and whole(1)(item["quantity"]["value"]))
    if where == ledger:
        need(lot not in masses)
        masses[lot] = int(item["quantity"]["value"])


def says(event, making, ledger):
    """Whether an event says what an entry did."""
    masses = attempt(read_masses, event["credential"], ledger)
    if masses is None or sha256(event["credential"]["issuer"]["id"].encode()) != making.entry["issuer"]:
        return False
    if event["place"] is None or event["place"]["ledger"] != ledger:
        return False
    if making.kind == "lotRegistered":
        return not masses["inputProduct"] and is_just(masses["outputProduct"], making.made)
    if making.kind == "transferOffered":
        return is_just(masses["movedProduct"], making.made)
    return is_just(masses["inputProduct"], making.sources) and is_just(masses["outputProduct"], making.made)


def is_just(said, done):
    return len(said) == len(done) and said == add_up(done)


# ---- What evidence shows of lots
class Making:
    """An entry that makes lots: `made` and `sources` are lots and milligrams."""

    def __init__(self, place):
        self.place, self.index, self.bytes = place, int(place["index"]), unb64(place["bytes"])
        self.entry = read_entry(self.bytes)
        self.kind = self.entry["kind"]
        need(self.kind in ("lotRegistered", "lotSplit", "transferOffered", "transformed"))
        self.event = self.entry.get("event")
        if self.kind == "transformed":
            inputs, self.outputs = self.entry["lists"]
            self.sources = [(item["lot"], item["milligrams"]) for item in inputs]
        else:
            self.outputs = [self.entry]
            self.sources = [] if self.kind == "lotRegistered" else [(self.entry["lot"], self.entry["milligrams"])]
        self.made = [(self.name(output["label"]), output["milligrams"]) for output in self.outputs]

    def name(self, label):
        return sha256(self.entry["issuer"], label.encode())


def read_lots(makings):
    """By id, each lot whose sources are shown before it."""
    lots = {}
    for making in sorted(makings, key=lambda one: one.index):
        if not all(source in lots for source, _ in making.sources):
            continue
        shown = {}
        first = lots[making.sources[0][0]] if making.sources else None
        for (lot, milligrams), output in zip(making.made, making.outputs):
            if making.kind == "lotRegistered":
                kind = {name: output[name] for name in ("substance", "origin", "custody")}
            elif making.kind == "transformed":
                if first is None:
                    continue
                kind = {"substance": first["substance"], "origin": output["origin"], "custody": output["custody"]}
            else:
                kind = {name: first[name] for name in ("substance", "origin", "custody")}
            shown.setdefault(lot, {**kind, "milligrams": milligrams, "sources": making.sources})
        for lot, about in shown.items():
            lots.setdefault(lot, about)
    return lots


def with_ancestors(lots, some):
    """These and all that they were made from, as far as they are shown."""
    found, left = set(), list(some)
    while left:
        lot = left.pop()
        if lot in lots and lot not in found:
            found.add(lot)
            left += [source for source, _ in lots[lot]["sources"]]
    return found


class Upstream:
    """What evidence has of lots, and the questions that the ledger has to answer about it."""

    def __init__(self, evidence, anchor):
        shown = evidence.get("lots", {"entries": [], "events": []})
        self.makings = [making for making in (attempt(Making, place) for place in shown["entries"]) if making]
        self.lots = read_lots(self.makings)
        events = [attempt(read_shown, jwt) for jwt in shown["events"]]
        self.events = {event["digest"]: event for event in events if event}
        self.earlier = attempt(read_earlier, evidence["earlier"]) if "earlier" in evidence else None
        anchors = [entry for entry in (anchor, self.earlier and self.earlier["anchor"]) if entry]
        needed = with_ancestors(self.lots, [item["lot"] for entry in anchors for item in entry["lists"][0]])
        self.questions = [self.ask(making.entry, making.event, [lot for lot, _ in making.made if lot in needed])
                          for making in self.makings]
        if self.earlier:
            self.questions.append(self.ask(self.earlier["anchor"], None, []))

    def ask(self, entry, event, lots):
        place = self.events[event]["place"] if event in self.events else None
        return {"issuer": "0x" + entry["issuer"].hex(), "key": "0x" + entry["actor"].hex() if entry["actorKind"] == 3 else NOBODY,
                "list": str(place["list"]) if place else "0", "word": float(place["word"]) if place else 0.0,
                "lots": ["0x" + lot.hex() for lot in lots]}


def read_shown(jwt):
    jwt = read_jwt(jwt)
    credential = read_credential(jwt["payload"])
    return {"digest": jwt["digest"], "credential": credential, "place": attempt(read_place, credential.get("credentialStatus"))}


def read_earlier(earlier):
    data = unb64(earlier["entry"]["bytes"])
    anchor = read_entry(data)
    need(anchor["kind"] == "anchored")
    return {**read_shown(earlier["credential"]), "batch": earlier["batch"], "place": earlier["entry"], "bytes": data, "anchor": anchor}
