"""Hooks of `tests/interop/run schemathesis`: bodies that the service can accept.

A location, phone numbers and an extension depend on the calling license of a person, which a schema
cannot say. Almost every generated body has all three, and would be answered with 400 for the same
reason. They stay in one body of eight, and wherever they violate the schema: then 400 is expected.
"""

import zlib

import schemathesis


def is_phone_number(value):
    types = {"type": str, "value": str, "primary": bool}
    return isinstance(value, dict) and all(
        isinstance(value.get(name, of()), of) for name, of in types.items()
    )


VALID = {
    "locationId": lambda value: isinstance(value, str),
    "extension": lambda value: value is None or isinstance(value, str),
    "phoneNumbers": lambda value: isinstance(value, list) and all(map(is_phone_number, value)),
}


@schemathesis.hook
def map_body(context, body):
    if not isinstance(body, dict) or zlib.crc32(repr(body).encode()) % 8 == 0:
        return body
    return {
        name: value
        for name, value in body.items()
        if name not in VALID or not VALID[name](value)
    }
