"""Events as JSON and back; the one room where marshmallow meets the contracts."""

from shared.wire.canonical import canonical
from shared.wire.codec import decode, encode, encode_value, type_name
from shared.wire.schemas import check, json_schema_fields

__all__ = [
    "canonical",
    "check",
    "decode",
    "encode",
    "encode_value",
    "json_schema_fields",
    "type_name",
]
