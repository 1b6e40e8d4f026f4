"""The deployment's keys, which open the keys of the records."""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag

from shared.kernel.errors import LogTampered, RegulationError, Unavailable
from shared.vault.sealing import KEY_BYTES, context_of, seal, unseal


def key_id_of(key: bytes) -> str:
    """Return 16 hex digits that name `key` and give nothing of it away."""
    return hmac.new(key, b"doithoai.vault.key-id.1", hashlib.sha256).hexdigest()[:16]


class KeyRing:
    """One key that wraps, and the former ones that still unwrap during a rotation."""

    __slots__ = ("_keys", "current_id")

    def __init__(self, current: bytes, *former: bytes) -> None:
        """Take the keys.

        Raises:
            RegulationError: `vault.key_malformed` when one isn't 32 bytes long.

        """
        if any(len(key) != KEY_BYTES for key in (current, *former)):
            raise RegulationError("vault.key_malformed", key_bytes=KEY_BYTES)
        self._keys = {key_id_of(key): key for key in (current, *former)}
        self.current_id = key_id_of(current)

    def knows(self, key_id: str) -> bool:
        """Return whether the key of this name is on the ring."""
        return key_id in self._keys

    def derived(self, label: str) -> bytes:
        """Return 32 bytes for another use, made from the current key and not telling it."""
        return hmac.new(self._keys[self.current_id], label.encode(), hashlib.sha256).digest()

    def wrap(self, data_key: bytes, *, owner: str, text_id: str) -> bytes:
        """Return the record's `data_key` sealed by the current key."""
        return seal(self._keys[self.current_id], data_key, context_of("key", owner, text_id))

    def unwrap(self, wrapped: bytes, key_id: str, *, owner: str, text_id: str) -> bytes:
        """Return the record's key.

        Raises:
            Unavailable: `vault.key_wrong` when it was wrapped by a key not on this ring.
            LogTampered: `vault.text_tampered` when the stored bytes were changed.

        """
        if key_id not in self._keys:
            raise Unavailable("vault.key_wrong", key_id=key_id)
        try:
            return unseal(self._keys[key_id], wrapped, context_of("key", owner, text_id))
        except InvalidTag:
            raise LogTampered("vault.text_tampered", text_id=text_id) from None
