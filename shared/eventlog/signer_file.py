"""Where a log's or a witness's private key comes from: the environment, or a protected file."""

from pathlib import Path

from shared.eventlog.note_key import KeyKind, Signer
from shared.kernel.errors import RegulationError
from shared.vault.keyfile import create_protected, protected_text


def load_signer(value: str | None = None, file: Path | None = None) -> Signer:
    """Return the key that `value`, else `file`, states as `Signer.secret` writes it.

    Raises:
        RegulationError: `eventlog.signer_absent` when neither is there;
            `vault.key_unprotected` when the file isn't a plain one of our own that nobody
            else may touch (mode 0600).
        ContractError: `eventlog.key_malformed`.

    """
    if value:
        return Signer.parse(value.strip())
    if file is None:
        raise RegulationError("eventlog.signer_absent")
    text = protected_text(file)
    if text is None:
        raise RegulationError("eventlog.signer_absent", file=file.name)
    return Signer.parse(text.strip())


def create_signer_file(path: Path, name: str, kind: KeyKind) -> Signer:
    """Return the key in `path`; where there is no such file, make a new key of that name.

    The file has mode 0600, and a second process that starts at once takes the same key.
    Raises as `load_signer`.
    """
    create_protected(path, Signer.generate(name, kind).secret())
    return load_signer(file=path)
