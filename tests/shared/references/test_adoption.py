from dataclasses import replace

from shared.contracts import Event
from shared.references import ADOPTION, adopted
from tests.shared.references.samples import CALENDAR, CHANGED, PROVINCE
from tests.specs import Spec
from tests.stores.logs import accepted

SPEC = Spec(ADOPTION)
A, B = PROVINCE.adoption(), CHANGED.adoption()


def test_a_file_is_adopted_when_it_comes_into_use() -> None:
    assert SPEC.given().when(A) == [A]


def test_a_version_that_is_in_use_is_not_adopted_again() -> None:
    assert SPEC.given(A).when(A) == []
    assert SPEC.given(B, A).when(A) == []


def test_another_version_is_adopted() -> None:
    assert SPEC.given(A).when(B) == [B]


def test_a_version_that_comes_back_is_adopted_again() -> None:
    assert SPEC.given(A, B).when(A) == [A]


def test_what_is_said_beside_the_version_makes_no_other_version() -> None:
    assert SPEC.given(A).when(replace(A, label="Thủ đô Hà Nội", citations=("x",))) == []


def test_another_release_of_the_library_is_another_version() -> None:
    newer = replace(CALENDAR, library="holidays-0.110").adoption()
    assert SPEC.given(CALENDAR.adoption()).when(newer) == [newer]


def test_of_each_file_the_version_adopted_last_is_in_use() -> None:
    events: list[Event] = [A, CALENDAR.adoption(), accepted("o-1"), B]
    assert adopted(events) == {"ha-noi.toml": B, "calendar/overrides.toml": CALENDAR.adoption()}
    assert adopted([*events, A])["ha-noi.toml"] == A
    assert adopted([]) == {}
