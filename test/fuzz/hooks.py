"""What Schemathesis does not know by itself: credentials, and lines of them, are sent as the text they are."""

import json

import schemathesis


@schemathesis.serializer("application/vc+jwt", "application/x-ndjson")
def serialize_text(context, value):
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogatepass")
