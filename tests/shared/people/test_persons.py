"""Names of persons: sealed, read on the record, erased for good."""

import pytest
import sqlalchemy as sa

from shared.kernel.errors import BadInput, NotFound
from shared.people import METADATA
from tests.shared.people.conftest import House

NAME = "Nguyễn Thị Kiểm Thử"


def test_a_name_is_read_by_who_says_who_he_is_and_lies_nowhere_in_clear(house: House) -> None:
    person_id = house.people.persons.add(f"  {NAME} ", province="ha-noi")
    found = house.people.persons.named(person_id, "quan-tri/1", province="ha-noi")
    assert found.name == NAME
    assert NAME not in repr(found)
    with house.store.read() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(sa.select(table)):
                assert NAME.encode() not in b"".join(
                    value if isinstance(value, bytes) else str(value).encode() for value in row
                )
        access = METADATA.tables["vault_access"]
        (read,) = connection.execute(sa.select(access)).all()
    assert (read.reader, read.purpose, read.text_id) == ("quan-tri/1", "administration", person_id)


def test_a_person_of_another_province_is_unknown(house: House) -> None:
    person_id = house.people.persons.add(NAME, province="ha-noi")
    with pytest.raises(NotFound, match=r"^people\.unknown_person"):
        house.people.persons.named(person_id, "quan-tri/1", province="ha-nam")
    assert house.people.persons.list("quan-tri/1", province="ha-nam") == []
    assert [each.name for each in house.people.persons.list("quan-tri/1")] == [NAME]


def test_an_erased_name_is_gone_and_its_holder_is_still_told_apart(house: House) -> None:
    person_id = house.people.persons.add(NAME, province=None)
    assert house.people.persons.erase(person_id)
    assert not house.people.persons.erase(person_id)
    assert house.people.persons.named(person_id, "quan-tri/1").name is None


def test_a_person_has_a_name(house: House) -> None:
    with pytest.raises(BadInput):
        house.people.persons.add("   ", province=None)
