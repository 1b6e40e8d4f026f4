"""The Ed25519 keys of logs and witnesses, and the signatures that they make.

Source: https://c2sp.org/signed-note and https://c2sp.org/tlog-cosignature. A log signs a
text; a witness signs it together with the time at which it saw it.
"""

import re
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from shared.eventlog.curve_point import is_key_point
from shared.eventlog.lines import base64_bytes, base64_text
from shared.kernel.errors import ContractError, LogTampered

NAME_MAX_CHARACTERS = 255
TIME_MAX_S = 2**63 - 1

_MARK = "\N{EM DASH} "
_PRIVATE = "PRIVATE+KEY+"
_ID_BYTES = 4
_KEY_BYTES = 32
_TIME_BYTES = 8
_KEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([0-9A-Za-z+/=]+)")
_NO_NAME = re.compile(r"[\s+\x00-\x1f\ud800-\udfff]")  # the last: what UTF-8 can't say


class KeyKind(IntEnum):
    """What a signature by the key says. The byte is the one that C2SP assigned."""

    LOG = 0x01
    """This text is mine."""
    WITNESS = 0x04
    """At this time, this was the largest tree I had seen, consistent with all before."""


_KINDS = {kind.value: kind for kind in KeyKind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature line; what it proves is for a key to say."""

    name: str
    key_id: bytes
    """4 bytes; with the name, they tell which key is said to have signed."""
    content: bytes

    @classmethod
    def parse(cls, line: str) -> Self:
        """Return what a line says, which is given without its line break.

        Raises:
            ContractError: `eventlog.signature_malformed`.

        """
        name, _, encoded = line.removeprefix(_MARK).partition(" ")
        content = base64_bytes(encoded) or b""
        if not (line.startswith(_MARK) and is_key_name(name) and len(content) > _ID_BYTES):
            raise ContractError("eventlog.signature_malformed")
        return cls(name=name, key_id=content[:_ID_BYTES], content=content[_ID_BYTES:])

    def __str__(self) -> str:
        """Return the line, without a line break."""
        return f"{_MARK}{self.name} {base64_text(self.key_id + self.content)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """The public key of a log or a witness, under the name that it goes by."""

    name: str
    kind: KeyKind
    public: bytes
    """32 bytes. Source: RFC 8032."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key stated as `<name>+<key id>+<base64>`.

        Raises:
            ContractError: `eventlog.key_malformed`, also when it is of another kind.

        """
        name, key_id, kind, public = _parts(text)
        key = cls(name=name, kind=kind, public=public)
        if key.key_id != key_id or not is_key_point(public):
            raise ContractError("eventlog.key_malformed")
        return key

    def __str__(self) -> str:
        """Return the key as `parse` reads it."""
        return _stated(self, self.public)

    @property
    def key_id(self) -> bytes:
        """4 bytes: a short name for the key, which proves nothing."""
        named = b"%b\n%c%b" % (self.name.encode(), self.kind, self.public)
        return sha256(named).digest()[:_ID_BYTES]

    def claims(self, signature: Signature) -> bool:
        """Return whether `signature` says that this key made it."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def verify(self, text: str, signature: Signature) -> "Signed":
        """Return who signed `text`, and when.

        Raises:
            LogTampered: `eventlog.signature_wrong`.

        """
        time_s, content = None, signature.content
        if self.kind is KeyKind.WITNESS:
            time_s = int.from_bytes(content[:_TIME_BYTES])
            content = content[_TIME_BYTES:]
        try:
            if not self.claims(signature) or (time_s or 0) > TIME_MAX_S:
                raise InvalidSignature
            key = Ed25519PublicKey.from_public_bytes(self.public)
            key.verify(content, _message(text, time_s))
        except InvalidSignature:
            raise LogTampered("eventlog.signature_wrong", key=self.name) from None
        return Signed(key=self, time_s=time_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signature that was verified."""

    key: VerifierKey
    time_s: int | None
    """When a witness signed, in seconds since 1970; None for a log, which doesn't say."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its public one; its `repr` shows the latter alone."""

    key: VerifierKey
    _private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def generate(cls, name: str, kind: KeyKind) -> Self:
        """Return a new key of that name.

        Raises:
            ContractError: `eventlog.key_malformed` when no key may have that name.

        """
        if not is_key_name(name):
            raise ContractError("eventlog.key_malformed")
        return cls._of(name, kind, Ed25519PrivateKey.generate())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key stated as `PRIVATE+KEY+<name>+<key id>+<base64>`.

        Raises:
            ContractError: `eventlog.key_malformed`, which quotes nothing of it.

        """
        if not text.startswith(_PRIVATE):
            raise ContractError("eventlog.key_malformed")
        name, key_id, kind, seed = _parts(text.removeprefix(_PRIVATE))
        signer = cls._of(name, kind, Ed25519PrivateKey.from_private_bytes(seed))
        if signer.key.key_id != key_id:
            raise ContractError("eventlog.key_malformed")
        return signer

    @classmethod
    def _of(cls, name: str, kind: KeyKind, private: Ed25519PrivateKey) -> Self:
        public = private.public_key().public_bytes_raw()
        return cls(VerifierKey(name=name, kind=kind, public=public), private)

    def secret(self) -> str:
        """Return the private key as `parse` reads it: for a protected file, nothing else."""
        return _PRIVATE + _stated(self.key, self._private.private_bytes_raw())

    def sign(self, text: str, *, time_s: int) -> Signature:
        """Return the signature over `text`. A witness's states the time, a log's does not.

        `time_s`: seconds since 1970, up to 2^63 - 1.
        """
        if self.key.kind is KeyKind.WITNESS:
            signed = self._private.sign(_message(text, time_s))
            content = time_s.to_bytes(_TIME_BYTES) + signed
        else:
            content = self._private.sign(_message(text, None))
        return Signature(name=self.key.name, key_id=self.key.key_id, content=content)


def is_key_name(name: str) -> bool:
    """Return whether a key may have that name: no space, no `+`, no control character."""
    return 0 < len(name) <= NAME_MAX_CHARACTERS and not _NO_NAME.search(name)


def _message(text: str, time_s: int | None) -> bytes:
    heading = "" if time_s is None else f"cosignature/v1\ntime {time_s}\n"
    return (heading + text).encode()


def _stated(key: VerifierKey, content: bytes) -> str:
    return f"{key.name}+{key.key_id.hex()}+{base64_text(bytes([key.kind]) + content)}"


def _parts(text: str) -> tuple[str, bytes, KeyKind, bytes]:
    """Return name, id, kind and the 32 bytes of a key."""
    found = _KEY.fullmatch(text)
    if found and is_key_name(found[1]):
        content = base64_bytes(found[3]) or b"\x00"
        kind = _KINDS.get(content[0])
        if kind and len(content) == 1 + _KEY_BYTES:
            return found[1], bytes.fromhex(found[2]), kind, content[1:]
    raise ContractError("eventlog.key_malformed")
