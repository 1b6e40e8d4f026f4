"""AES-256-GCM over bytes, and the commitment to a text. Knows no table and no text id."""

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
SALT_BYTES = 32
_NONCE_BYTES = 12


def seal(key: bytes, secret: bytes, context: bytes) -> bytes:
    """Return a fresh nonce and, after it, `secret` encrypted and bound to `context`."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Return the secret.

    Raises:
        cryptography.exceptions.InvalidTag: the key, the bytes or the context differ.

    """
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)


def context_of(layer: str, owner: str, text_id: str) -> bytes:
    """Return the associated data of one layer (`text` or `key`) of one record."""
    return f"doithoai.vault.1\0{layer}\0{owner}\0{text_id}".encode()


def commitment_of(salt: bytes, text: str) -> str:
    """Return HMAC-SHA-256 of the NFC text's UTF-8 bytes under `salt`, in hex."""
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()
