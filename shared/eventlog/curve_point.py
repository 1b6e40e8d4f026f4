"""Whether 32 bytes can be somebody's Ed25519 key.

Under a point of small order signatures verify that nobody made, and a point that is spelt
otherwise than canonically is one key under two ids. Source: RFC 8032, sections 5.1.3, 5.1.7.
"""

_P = 2**255 - 19
_EIGHTH = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
_Y_OF_ORDER_8 = int.from_bytes(bytes.fromhex(_EIGHTH), "little")
_SMALL = {0, 1, _P - 1, _Y_OF_ORDER_8, _P - _Y_OF_ORDER_8}
"""The y of every point whose order divides 8."""


def is_key_point(public: bytes) -> bool:
    """Return whether `public` is spelt canonically and of large order."""
    y = int.from_bytes(public, "little") & (2**255 - 1)
    return y < _P and y not in _SMALL
