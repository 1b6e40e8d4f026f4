"""`python -m deploy.migrations DATABASE "what changes"`: drafts the next step of a database.

Compares the tables in the code with what the steps so far make (in a scratch SQLite file)
and writes the difference into the owner's folder, to be read and completed by hand:
triggers and other statements of a dialect aren't found.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from deploy.migrations import config_of, folder_of, upgrade_database
from shared.store import Store


def draft(name: str, message: str) -> None:
    """Write the next step of the database called `name`."""
    folder = folder_of(name)
    folder.mkdir(exist_ok=True)
    number = len(list(folder.glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as scratch:
        url = f"sqlite:///{Path(scratch)}/scratch.db"
        if number > 1:
            upgrade_database(name, url)
        store = Store(url)
        with store.write() as tx:
            config = config_of(name, tx.connection)
            command.revision(
                config,
                message,
                autogenerate=True,
                rev_id=f"{number:04d}",
                version_path=str(folder),
            )
        store.close()


if __name__ == "__main__":
    draft(*sys.argv[1:])
