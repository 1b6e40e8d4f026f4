"""Files that are there whole or not at all, and stay there when the power goes."""

import os
from pathlib import Path


def write_durably(file: Path, content: bytes) -> None:
    """Write `file` in place of what is there, for this account alone. Under a lock.

    Raises:
        OSError: the old content is there then, or the new one.

    """
    draft = file.with_name(f"{file.name}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
    directory = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def make_private(folder: Path) -> None:
    """Make `folder`, and what is missing above it, for this account alone."""
    for each in reversed((folder, *folder.parents)):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)
