"""Files that only we can read, and the deployment's key, which comes from one of them."""

import base64
import binascii
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from shared.kernel.errors import RegulationError
from shared.vault.sealing import KEY_BYTES

_FILE_BYTES_MAX = 1024


def load_key(value: str | None = None, file: Path | None = None) -> bytes:
    """Return the 32 bytes that `value`, else `file`, states in base64.

    Raises:
        RegulationError: `vault.key_absent` when neither is there; `vault.key_malformed`
            when it isn't 32 bytes in base64; `vault.key_unprotected` when the file isn't
            a plain file of our own that nobody else may touch (mode 0600).

    """
    if value:
        return _decoded(value)
    if file is None:
        raise RegulationError("vault.key_absent")
    text = protected_text(file)
    if text is None:
        raise RegulationError("vault.key_absent", file=file.name)
    return _decoded(text)


def create_key_file(path: Path) -> bytes:
    """Return the key in `path`; where there is no such file, make one with mode 0600.

    Raises as `load_key`.
    """
    create_protected(path, base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())
    return load_key(file=path)


def create_protected(path: Path, line: str) -> None:
    """Make the file `path` with mode 0600 and one line in it, unless there is one already.

    Two processes that start together agree on one content: the file appears whole or not
    at all, and is never replaced.
    """
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            _write_protected(draft, f"{line}\n".encode())
            with suppress(FileExistsError):
                path.hardlink_to(draft)
        finally:
            draft.unlink(missing_ok=True)
        _sync_directory(path.parent)


def protected_text(file: Path) -> str | None:
    """Return the first KiB of a file that nobody else may touch; None when there is none.

    Raises:
        RegulationError: `vault.key_unprotected` unless it is a plain file of our own that
            nobody else may touch (mode 0600).

    """
    # Opened first and examined through the descriptor: nobody can swap it in between.
    # O_NONBLOCK, or opening a pipe would wait for its writer.
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError:
        raise RegulationError("vault.key_unprotected", file=file.name) from None
    try:
        status = os.fstat(descriptor)
        others_may = status.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or others_may:
            raise RegulationError("vault.key_unprotected", file=file.name)
        return os.read(descriptor, _FILE_BYTES_MAX).decode(errors="replace")
    finally:
        os.close(descriptor)


def _write_protected(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _decoded(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise RegulationError("vault.key_malformed", key_bytes=KEY_BYTES)
    return key
