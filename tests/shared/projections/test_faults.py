import json
import sqlite3

import pytest
import sqlalchemy as sa

from shared.kernel.errors import Refused, Unavailable
from shared.projections.faults import code_of, is_outage, place_of


class OfPostgres(Exception):  # noqa: N818 - stands for psycopg2's
    def __init__(self, pgcode: str) -> None:
        super().__init__("Key (name)=(Nguyen Van A) already exists")
        self.pgcode = pgcode


def of_sqlite(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("Nguyen Van A")
    error.sqlite_errorcode = code
    return error


def wrapped(error: Exception) -> sa.exc.DBAPIError:
    return sa.exc.OperationalError("INSERT", {}, error)


@pytest.mark.parametrize(
    "error",
    [
        wrapped(OfPostgres("40P01")),
        wrapped(OfPostgres("57P01")),
        wrapped(OfPostgres("53300")),
        wrapped(of_sqlite(sqlite3.SQLITE_BUSY)),
        wrapped(of_sqlite(sqlite3.SQLITE_IOERR | (3 << 8))),
        Unavailable("vault.key_wrong", key_id="k"),
        OSError(),
    ],
)
def test_what_can_pass_by_itself_is_an_outage(error: Exception) -> None:
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        wrapped(OfPostgres("23505")),
        wrapped(OfPostgres("22003")),
        wrapped(OfPostgres("54000")),  # too long for an index: psycopg2 calls it operational
        wrapped(of_sqlite(sqlite3.SQLITE_ERROR)),
        Refused("session.not_open"),
        KeyError("Nguyen Van A"),
    ],
)
def test_what_comes_again_with_the_same_entry_is_its_own_fault(error: Exception) -> None:
    assert not is_outage(error)


def test_only_codes_and_places_are_told_of_an_error() -> None:
    try:
        raise wrapped(OfPostgres("23505"))
    except sa.exc.DBAPIError as error:
        told = f"{code_of(error)} at {place_of(error)}"
    assert told.startswith("OperationalError at test_faults.py:")
    assert code_of(Refused("session.not_open", name="Nguyen Van A")) == "session.not_open"


def test_a_fault_inside_a_library_is_placed_where_we_called_it() -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - whatever it is
        json.loads("no json")
    assert place_of(caught.value).startswith("test_faults.py:")
