"""The search for planted data finds it, in every form that it could have."""

import json

from tests.journeys.planted import needles, planted_in


def test_what_is_planted_is_found_in_the_middle_of_anything() -> None:
    first, *_, last = needles()
    for needle in (first, last):
        assert planted_in(b"\0\xff" * 1_000 + needle + b"\n" * 1_000) == [needle.decode()]


def test_what_json_has_escaped_is_found_too() -> None:
    name = next(each.decode() for each in needles() if not each.isascii())
    assert planted_in(json.dumps({"name": name}).encode()) != []


def test_nothing_is_found_where_nothing_is() -> None:
    assert planted_in(b"") == []
    assert planted_in("Đối Thoại: phường Ngọc Hà, 1.448 ý kiến".encode() * 1_000) == []
