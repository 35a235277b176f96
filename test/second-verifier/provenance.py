"""The check of provenance."""


def provenance(case):
    if case.credential is None:
        return "not-reached"
    materials = [subject.get("materialProvenance") for subject in case.credential["subjects"]]
    named = [item for value in materials for item in (value if isinstance(value, list) else [value])]
    draws = any(isinstance(item, dict) and "lot" in item for item in named)
    return "not-supported" if case.credential["kind"] == "passport" and draws else "no-lot"
