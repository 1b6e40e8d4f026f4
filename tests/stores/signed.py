"""What tests of signing ask of a service's logs."""

from pathlib import Path

from shared.eventlog.checkpointer import Checkpointer
from shared.eventlog.checkpoints import Checkpoints, KeptCheckpoint
from shared.eventlog.signing_keys import SigningKeys
from tests.stores.logs import Opened, append, draft

ORIGIN = "doithoai.test/ha-noi/intake"


def grow_by(opened: Opened, count: int, *, province: str = "ha-noi", name: str = "entry") -> None:
    """Append `count` entries."""
    size = opened.ledger.log(province).size()
    append(opened, *(draft(f"{name}-{size + at}") for at in range(count)), province=province)


def signed(opened: Opened, province: str = "ha-noi") -> Checkpoints:
    """Return what was signed of a log."""
    return opened.ledger.checkpoints(opened.ledger.log(province))


def newest(opened: Opened, province: str = "ha-noi") -> KeptCheckpoint:
    """Return the newest checkpoint, which is there."""
    found = signed(opened, province).newest()
    assert found is not None
    return found


def refusal_of(checkpointer: Checkpointer, origin: str = ORIGIN) -> str:
    """Return the code of why a log is signed no more."""
    return checkpointer.refused[origin].code


def key_file(folder: Path) -> Path:
    """Return the file of the log's only key."""
    (file,) = (folder / ORIGIN).glob("*.key")
    return file


def key_ids(folder: Path) -> list[str]:
    """Return the ids of the log's keys."""
    return [signer.key.key_id.hex() for signer in SigningKeys(folder, ORIGIN).signers()]
