"""What Reporting cosigned is compared with what it copied, and every change of it is found."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from deploy.audit.fsck.check import Check
from deploy.audit.fsck.mirrors import check_mirrors
from services.reporting.collecting import bring
from services.reporting.cosigning import Mirror
from services.reporting.tables import METADATA
from shared.eventlog.note_key import KeyKind, Signer
from shared.store import Store
from tests.services.reporting.conftest import kept_in
from tests.services.reporting.owner import Owner, entries

WITNESS = Signer.generate("test.local/witness", KeyKind.WITNESS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Yield a journal of 30 entries, of which 10, 20 and 30 were cosigned."""
    made = Store(f"sqlite:///{tmp_path}/reporting.db")
    METADATA.create_all(made.engine)
    owner = Owner()
    mirror = Mirror(
        made, lambda: WITNESS, tmp_path / "w", {}, lambda: datetime(2026, 11, 25, tzinfo=UTC)
    )
    for count in (10, 20, 30):
        kept_in(made, entries(count))
        owner.sign(entries(count))
        bring(made, {"sessions": owner})
        assert mirror.turn() == 1
    yield made
    made.close()


def found(store: Store) -> list[str]:
    check = Check()
    check_mirrors(check, store)
    return [each.code for each in check.findings.listed]


def test_what_was_cosigned_is_what_was_copied(store: Store) -> None:
    assert found(store) == []


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("UPDATE cosigned_note SET note = x'00' WHERE size = 20", ["fsck.cosigned_differs"]),
        ("UPDATE cosigned_note SET size = 21 WHERE size = 20", ["fsck.cosigned_differs"]),
        (
            (
                "UPDATE cosigned_note SET note = (SELECT known.note FROM cosigned_note AS known "
                "WHERE known.size = 10) WHERE size = 20"
            ),
            ["fsck.cosigned_differs"],
        ),
        ("DELETE FROM cosigned_note WHERE size = 30", ["fsck.mirror_differs"]),
        ("UPDATE cosigned_note SET size = 31 WHERE size = 30", ["fsck.cosigned_differs"]),
        ("UPDATE mirror SET cosigned = NULL", ["fsck.mirror_differs"]),
        ("UPDATE mirror SET tree = x'00'", ["fsck.mirror_differs"]),
    ],
)
def test_what_was_changed_is_found(store: Store, statement: str, codes: list[str]) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text(statement))
    assert found(store) == codes


def test_a_database_of_an_older_release_has_no_mirror(tmp_path: Path) -> None:
    older = Store(f"sqlite:///{tmp_path}/older.db")
    assert found(older) == []
    older.close()
