"""Entries of the ledger, as the heads of IPassportLedger.sol and IMaterials.sol list them."""
from shapes import need

# Of each kind its name, then its fields, then lists of items, each counted by one byte. A field is so many bytes; `u` an integer below
# 2^53, `q` one that may have all 64 bits, `text` UTF-8 after two bytes of length. What may follow a colon are the values that are allowed.
KINDS = {
    0x01: "opened           chain=32 address=20",
    0x02: "roleGranted      role=32 account=20",
    0x03: "roleRevoked      role=32 account=20",
    0x04: "transferBegun    account=20 after=u8",
    0x05: "transferCancelled",
    0x06: "delayBegun       delay=u8 after=u8",
    0x07: "delayCancelled",
    0x08: "paused",
    0x09: "unpaused",
    0x0A: "closed           chain=32 address=20 codeHash=32",
    0x10: "accredited       issuer=32 number=u4 roles=u2 controller=20 did=text",
    0x11: "suspended        issuer=32",
    0x12: "reinstated       issuer=32",
    0x13: "withdrawn        issuer=32 since=u8",
    0x14: "rolesAssigned    issuer=32 roles=u2",
    0x15: "prefixGranted    issuer=32 number=u4 prefix=text",
    0x16: "prefixTakenBack  issuer=32 number=u4 prefix=text since=u8",
    0x17: "proposed         issuer=32 account=20",
    0x18: "changed          issuer=32 account=20",
    0x19: "appointed        issuer=32 account=20",
    0x1A: "dismissed        issuer=32 account=20",
    0x1B: "keyAdded         issuer=32 key=32 algorithm=u1:1-2 purposes=u2 x=32 y=32",
    0x1C: "keyRetired       issuer=32 key=32 at=u8",
    0x1D: "keyCompromised   issuer=32 key=32 since=u8",
    0x20: "anchored         issuer=32 roles=u2 root=32 size=u2 manifest=32 | lot=32 milligrams=q8",
    0x30: "statusSet        issuer=32 list=q8 status=u1:1-2 reason=u1:1-5 | number=u2:0-511 bits=32",
    0x40: "lotRegistered    issuer=32 roles=u2 substance=u5 origin=u1:1-4 custody=u1:1-5 milligrams=q8 event=32 from=u8 until=u8 "
          "first=u1:0-127 second=u1:0-127 label=text facility=text",
    0x41: "lotSplit         issuer=32 roles=u2 lot=32 milligrams=q8 label=text",
    0x42: "transferOffered  issuer=32 roles=u2 receiver=32 lot=32 milligrams=q8 event=32 label=text",
    0x43: "transferAccepted issuer=32 roles=u2 sender=32 lot=32 event=32",
    0x44: "transferRefused  issuer=32 roles=u2 lot=32",
    0x45: "transferWithdrawn issuer=32 roles=u2 lot=32",
    0x46: "transformed      issuer=32 roles=u2 event=32 lost1=q8 lost2=q8 lost3=q8 lost4=q8 process=text "
          "| lot=32 milligrams=q8 | origin=u1:1-4 custody=u1:1-5 milligrams=q8 label=text",
    0x47: "lotRetired       issuer=32 roles=u2 lot=32 milligrams=q8",
    0x48: "lotLost          issuer=32 roles=u2 lot=32 milligrams=q8",
    0x49: "lotVoided        lot=32 milligrams=q8",
}


class Bytes:
    """What is left to read."""

    def __init__(self, data):
        self.rest = data

    def take(self, size):
        need(size <= len(self.rest))
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken

    def integer(self, size, low=0, high=2**53 - 1):
        value = int.from_bytes(self.take(size))
        need(low <= value <= high)
        return value

    def field(self, form):
        form, _, allowed = form.partition(":")
        if form == "text":
            return self.take(self.integer(2)).decode("utf-8")
        if form.isdigit():
            return self.take(int(form))
        if form[0] == "q":
            return self.integer(int(form[1:]), 0, 2**64 - 1)
        return self.integer(int(form[1:]), *map(int, allowed.split("-"))) if allowed else self.integer(int(form[1:]))

    def fields(self, named):
        return {name: self.field(form) for name, _, form in (field.partition("=") for field in named)}


def read_entry(data):
    """Its kind's name, block, time, actor and fields; `lists` are its lists of items."""
    need(2 <= len(data) <= 8192 and data[0] == 1 and data[1] in KINDS)
    body, *lists = KINDS[data[1]].split("|")
    kind, *named = body.split()
    source = Bytes(data[2:])
    header = source.fields(("block=u8", "time=u8", "actorKind=u1:1-5", "actor=32"))
    need(header["actorKind"] == 3 or not any(header["actor"][:12]))
    fields = source.fields(named)
    items = [[source.fields(item.split()) for _ in range(source.integer(1))] for item in lists]
    need(not source.rest)
    return {"kind": kind, **header, **fields, "lists": items}
