"""What anybody's browser may have: those files, as they are, and nothing else."""

import re
from pathlib import PurePosixPath

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from shared.web.public_files import public_files, with_public_files

FILES = public_files()


@Request.application
def elsewhere(request: Request) -> Response:
    return Response(f"elsewhere: {request.path}", status=404)


CLIENT = Client(with_public_files(elsewhere))


@pytest.mark.parametrize("address", FILES)
def test_a_file_is_given_out_as_it_is_and_not_twice(address: str) -> None:
    answer = CLIENT.get(address)
    assert (answer.status_code, answer.get_data()) == (200, FILES[address].content)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    known = {"If-None-Match": answer.headers["ETag"]}
    assert CLIENT.get(address, headers=known).status_code == 304
    head = CLIENT.head(address)
    assert (head.status_code, head.get_data()) == (200, b"")


@pytest.mark.parametrize(
    ("address", "media_type", "kept"),
    [
        ("/proof", "text/html; charset=utf-8", "no-cache"),
        ("/static/app.css", "text/css; charset=utf-8", "no-cache"),
        ("/static/proof.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/static/mark.svg", "image/svg+xml; charset=utf-8", "no-cache"),
        ("/static/fonts/BeVietnamPro-400.woff2", "font/woff2", "public, max-age=31536000"),
    ],
)
def test_a_file_says_what_it_is_and_for_how_long(address: str, media_type: str, kept: str) -> None:
    answer = CLIENT.get(address)
    assert (answer.content_type, answer.headers["Cache-Control"]) == (media_type, kept)


@pytest.mark.parametrize(
    "address",
    ["/", "/proof/", "/proof.html", "/static", "/static/", "/static/../public_files.py", "//proof"],
)
def test_no_other_address_leads_to_a_file(address: str) -> None:
    assert CLIENT.get(address).status_code == 404


def test_files_are_only_given_out() -> None:
    assert CLIENT.post("/proof").status_code == 404


REFERENCE = re.compile(r'(?:src|href)="(?!#)([^"]+)"|url\((?!"?data:)([^)]+)\)')


@pytest.mark.parametrize(
    "address", [each for each in FILES if not each.endswith((".woff2", ".txt"))]
)
def test_a_page_finds_beside_it_all_that_it_refers_to(address: str) -> None:
    for found in REFERENCE.finditer(FILES[address].content.decode()):
        beside = PurePosixPath(address).parent / (found[1] or found[2])
        assert str(beside) in FILES


@pytest.mark.parametrize("address", [each for each in FILES if "." not in each])
def test_a_page_has_nothing_inline_that_its_policy_forbids(address: str) -> None:
    page = FILES[address].content.decode()
    assert re.findall(r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=", page) == []


def test_the_fonts_come_with_their_licence() -> None:
    assert b"SIL Open Font License" in FILES["/static/fonts/OFL.txt"].content
