"""Points that no key is: under them signatures verify that nobody made."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.eventlog.curve_point import is_key_point
from shared.eventlog.note_key import KeyKind, Signer, VerifierKey
from shared.kernel.errors import ContractError

P = 2**255 - 19
ORDER_8 = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
SMALL = [
    *(y.to_bytes(32, "little") for y in (0, 1, P - 1)),
    ORDER_8,
    (P - int.from_bytes(ORDER_8, "little")).to_bytes(32, "little"),
]
"""As RFC 8032 spells them, without the sign of x."""
OTHERWISE = [y.to_bytes(32, "little") for y in (P, P + 1, P + 3, 2**255 - 1)]


def signed(public: bytes) -> bytes:
    return bytes([*public[:31], public[31] | 0x80])


@pytest.mark.parametrize("public", [*SMALL, *map(signed, SMALL), *OTHERWISE, signed(OTHERWISE[1])])
def test_no_key_is_of_small_order_or_spelt_otherwise(public: bytes) -> None:
    assert not is_key_point(public)
    stated = str(VerifierKey(name="example.org/log", kind=KeyKind.LOG, public=public))
    with pytest.raises(ContractError, match=r"eventlog\.key_malformed"):
        VerifierKey.parse(stated)


def test_under_the_neutral_point_anything_is_signed_by_nobody() -> None:
    neutral = SMALL[1]
    Ed25519PublicKey.from_public_bytes(neutral).verify(neutral + bytes(32), b"whatever")


def test_every_key_that_is_made_is_one() -> None:
    for _ in range(50):
        key = Signer.generate("example.org/log", KeyKind.LOG).key
        assert VerifierKey.parse(str(key)) == key
