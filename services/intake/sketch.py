"""What the index keeps of a text: numbers under a key, from which nothing is read back. Pure.

A MinHash (Broder 1997) of the text's features: of each of `SLOTS` keyed hash functions the
least value over all features, of which only the low byte is kept (b-bit minwise hashing, Li
and König 2010). Two texts agree in a slot about as often as they share features. A byte
stands for thousands of features alike; without the key it shows only which texts agree.
"""

import hashlib
import hmac
import struct
from collections.abc import Iterator

from services.intake.similarity import ALGORITHM, features

SLOTS = 96
SLOTS_PER_BAND = 3
BANDS = SLOTS // SLOTS_PER_BAND
LABEL = f"doithoai.intake.similarity.{ALGORITHM}.{SLOTS}x{SLOTS_PER_BAND}"
"""What the key of the index is derived by: another algorithm or form has another key."""
_HASHES = struct.Struct(f"<{SLOTS}I")
_VALUES = 256
"""A slot's values."""


def key_id(key: bytes) -> str:
    """Return 16 hex digits that name `key` and give nothing of it away."""
    return hmac.new(key, b"id", hashlib.sha256).hexdigest()[:16]


def sketch(text: str, key: bytes) -> bytes | None:
    """Return the sketch of `text`, `SLOTS` bytes; None for a text that tells nothing."""
    hashed = hashes(text, key)
    return None if hashed is None else low_bytes(hashed)


def hashes(text: str, key: bytes) -> tuple[int, ...] | None:
    """Return the least hash of each slot. Of two texts together it is the lesser of theirs."""
    # A sponge has no length extension: key and message in one go are a keyed hash (KMAC).
    rows = [
        _HASHES.unpack(hashlib.shake_128(key + feature.encode()).digest(_HASHES.size))
        for feature in features(text)
    ]
    return tuple(map(min, *rows, rows[0])) if rows else None


def low_bytes(hashed: tuple[int, ...]) -> bytes:
    """Return the sketch that `hashed` make."""
    return bytes(value % _VALUES for value in hashed)


def estimated_permille(one: bytes, other: bytes) -> int:
    """Return about how alike the texts of two sketches are, 0 to 1,000; chance is taken off."""
    agreeing = sum(map(int.__eq__, one, other))
    beyond_chance = _VALUES * agreeing - SLOTS
    return max(0, 1000 * beyond_chance // ((_VALUES - 1) * SLOTS))


def bands(of: bytes) -> Iterator[int]:
    """Yield the sketch's bands, each with its number: like texts have some in common."""
    for number in range(BANDS):
        start = number * SLOTS_PER_BAND
        value = int.from_bytes(of[start : start + SLOTS_PER_BAND])
        yield number * _VALUES**SLOTS_PER_BAND + value
