"""A log is served as the files of tlog-tiles: what is signed, and nothing else, to whom it may."""

import hashlib
from collections.abc import Iterator

import pytest
from werkzeug.test import Client, TestResponse

from deploy.gateway import mounted
from services.intake.api import create_app
from shared.access import Role
from shared.contracts.operations import EntrySkipped
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Visibility
from shared.eventlog import Draft
from shared.eventlog.checkpoint import Policy
from shared.eventlog.checkpointer import Checkpointer
from shared.eventlog.entry import ENTRY_MAX_BYTES
from shared.eventlog.note_key import VerifierKey
from shared.eventlog.tiles import Bundle, Tile, bundles_of, tiles_of, verify_bundle, verify_tiles
from shared.kernel.ids import derived_id
from tests.services.intake.calling import Caller, Cast, refused
from tests.services.opened import Opened

ORIGIN = "test.local/ha-noi/intake"
LOG = f"/log/{ORIGIN}"
PAGE_BYTES = 1024 * 1024


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


@pytest.fixture
def auditor(cast: Cast) -> Caller:
    return cast.role(Role.AUDITOR)


def grow(cast: Cast, count: int, filler: str = "", *, signed: bool = True) -> None:
    """Append `count` entries of any kind, and sign the log."""
    runtime = cast.service.runtime
    log = runtime.ledger.log("ha-noi")
    size = log.size()
    ref = TextRef(
        text_id=derived_id("text"),
        owner="intake",
        commitment="0" * 64,
        visibility=Visibility.RESTRICTED,
    )
    drafts = [
        Draft(
            id=derived_id("entry", str(position)),
            stream="follower:test",
            event=EntrySkipped(consumer="test", origin=ORIGIN, position=position, reason=ref),
            actor="test/writer",
            occurred_at="2019-05-20T05:00:00.000000Z",
            references=filler or None,
        )
        for position in range(size, size + count)
    ]
    with runtime.store.write() as tx:
        log.append(tx, drafts)
    if signed:
        Checkpointer(runtime.ledger, runtime.settings.log_keys).turn(at_once=True)


def content(response: TestResponse) -> bytes:
    assert response.status_code == 200, response.get_json(silent=True)
    return response.data


def test_all_that_is_served_fits_together(cast: Cast, auditor: Caller) -> None:
    grow(cast, 300)
    lines = content(cast.nobody.get(f"{LOG}/keys")).decode().splitlines()
    keys = tuple(VerifierKey.parse(line) for line in lines)
    assert content(cast.nobody.get(f"{LOG}/handovers")) == b""
    note = content(cast.nobody.get(f"{LOG}/checkpoint"))
    checkpoint = Policy(origin=ORIGIN, log_keys=keys).open(note).checkpoint
    assert checkpoint.size == ADOPTED + 300

    def tile(at: Tile) -> bytes:
        return content(cast.nobody.get(f"{LOG}/{at.path}"))

    verify_tiles(ORIGIN, checkpoint.size, checkpoint.root, tile)
    entries: list[bytes] = []
    for bundle in bundles_of(checkpoint.size):
        served = content(auditor.get(f"{LOG}/{bundle.path}"))
        entries += verify_bundle(ORIGIN, bundle, served, tile)
    assert b"".join(entry + b"\n" for entry in entries) == auditor.get(f"{LOG}/entries").data


def test_only_what_the_newest_checkpoint_covers_is_served(cast: Cast, auditor: Caller) -> None:
    grow(cast, 10)
    grow(cast, 300, signed=False)
    assert len(content(auditor.get(f"{LOG}/{Tile(0, 0, 14).path}"))) == 14 * 32
    for place in (Tile(0, 0, 15), Tile(0, 0), Tile(1, 0, 1), Tile(0, 1, 1), Bundle(0, 15)):
        refused(auditor.get(f"{LOG}/{place.path}"), 404, "eventlog.no_such_tile")
    grow(cast, 1)
    for place in (Tile(0, 0), Tile(1, 0, 1), Tile(0, 1, 59), Bundle(0), Bundle(1, 59)):
        content(auditor.get(f"{LOG}/{place.path}"))


def test_a_partial_tile_is_served_as_it_was_when_the_log_has_grown(
    cast: Cast, auditor: Caller
) -> None:
    grow(cast, 7)
    places = [*(place.path for place in tiles_of(7)), *(place.path for place in bundles_of(7))]
    before = [content(auditor.get(f"{LOG}/{place}")) for place in places]
    grow(cast, 500)
    assert [content(auditor.get(f"{LOG}/{place}")) for place in places] == before


ADOPTED = 4
"""Files that a log begins with."""
NO_PLACES = (
    "0/0", "0/00", "0/0000", "0/x000", "0/x000/000", "0/000/", "0/000.p/256", "0/000.p/0",
    "0/000.p/05", "0/000.p", "0/000.P/5", "00/000", "-1/000", "64/000", "99/000", "0/-01",
    "0/٠٠٠", "0/000%2e", "0/../0/000", "0//000", "x/000", "data/000", "0/x999/999",
    "entries/0", "entries/x000", "entries/000.p/256", "entries/999", "entries/x/000",
    "0/" + "x999/" * 6 + "999", "0/" + "x999/" * 60 + "999", "entries/" + "x999/" * 6 + "999",
)  # fmt: skip


def test_a_place_has_one_spelling(cast: Cast, auditor: Caller) -> None:
    grow(cast, 256)
    content(auditor.get(f"{LOG}/tile/0/000"))
    content(auditor.get(f"{LOG}/tile/entries/000"))
    served = {place: auditor.get(f"{LOG}/tile/{place}").status_code for place in NO_PLACES}
    assert set(served.values()) == {404}, served


def test_the_hashes_are_public_and_the_entries_are_not(cast: Cast) -> None:
    grow(cast, 3)
    for place in ("checkpoint", "keys", "tile/0/000.p/3"):
        content(cast.nobody.get(f"{LOG}/{place}"))
    bundle = f"{LOG}/{Bundle(0, 3).path}"
    refused(cast.nobody.get(bundle), 401, "access.token_missing")
    refused(cast.cadre.get(bundle), 403, "access.not_allowed")
    elsewhere = cast.role(Role.AUDITOR, province="ha-nam")
    refused(elsewhere.get(bundle), 403, "access.other_province")
    content(cast.role(Role.AUDITOR, province=None).get(bundle))


def test_no_spelling_gives_entries_to_a_stranger(cast: Cast) -> None:
    grow(cast, 3)
    for place in ("entries/000.p/3", "/entries/000.p/3", "0/../entries/000.p/3", "entries//000"):
        for between in ("tile", "tile/", "./tile"):
            response = cast.nobody.get(f"{LOG}/{between}/{place}")
            assert response.status_code in {308, 401, 404}, place
            assert b"specversion" not in response.data


def test_a_log_that_is_not_here_or_not_signed_is_not_found(cast: Cast, auditor: Caller) -> None:
    grow(cast, 3, signed=False)
    for place in ("checkpoint", "keys", "tile/0/000.p/3", "tile/entries/000.p/3"):
        refused(auditor.get(f"{LOG}/{place}"), 404, "eventlog.no_checkpoint")
        other = f"/log/other.local/ha-noi/intake/{place}"
        refused(auditor.get(other), 404, "eventlog.unknown_origin")


@pytest.mark.parametrize(
    ("place", "caching"),
    [
        ("checkpoint", "public, max-age=5"),
        ("keys", "public, max-age=5"),
        ("tile/0/000.p/3", "public, max-age=31536000, immutable"),
        ("tile/entries/000.p/3", "private, max-age=31536000, immutable"),
    ],
)
def test_what_never_changes_may_be_kept_for_ever_and_is_not_sent_twice(
    cast: Cast, auditor: Caller, place: str, caching: str
) -> None:
    grow(cast, 3)
    first = auditor.get(f"{LOG}/{place}")
    assert (first.status_code, first.headers["Cache-Control"]) == (200, caching)
    etag = first.headers["ETag"]
    headers = {**auditor.headers, "If-None-Match": etag}
    again = cast.client.get(f"{LOG}/{place}", headers=headers)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    other = cast.client.get(f"{LOG}/{place}", headers={**headers, "If-None-Match": '"x"'})
    assert (other.status_code, other.data) == (200, first.data)


def test_a_stranger_with_the_right_etag_learns_nothing(cast: Cast, auditor: Caller) -> None:
    grow(cast, 3)
    bundle = f"{LOG}/{Bundle(0, 3).path}"
    etag = auditor.get(bundle).headers["ETag"]
    refused(cast.client.get(bundle, headers={"If-None-Match": etag}), 401, "access.token_missing")


def test_a_bundle_of_large_entries_is_sent_page_by_page(cast: Cast, auditor: Caller) -> None:
    grow(cast, 110, filler="x" * (ENTRY_MAX_BYTES - 1_000))
    bundle = Bundle(0, 100)
    response = cast.client.get(
        f"{LOG}/{bundle.path}", headers=dict(auditor.headers), buffered=False
    )
    pieces: Iterator[bytes] = response.iter_encoded()
    sizes, served = [], b""
    for piece in pieces:
        sizes.append(len(piece))
        served += piece
    assert len(served) > 5 * PAGE_BYTES
    assert max(sizes) < PAGE_BYTES + 2 * 256
    tile = content(auditor.get(f"{LOG}/{Tile(0, 0, 100).path}"))
    assert len(verify_bundle(ORIGIN, bundle, served, lambda _: tile)) == 100


def test_behind_the_one_address_a_log_is_below_its_service(cast: Cast, auditor: Caller) -> None:
    grow(cast, 3)
    front = Client(mounted({"intake": create_app(cast.service.runtime)}))
    for place in ("checkpoint", "keys", "tile/0/000.p/3", "tile/entries/000.p/3"):
        response = front.get(f"/intake{LOG}/{place}", headers=dict(auditor.headers))
        assert (
            hashlib.sha256(response.data).digest()
            == hashlib.sha256(content(auditor.get(f"{LOG}/{place}"))).digest()
        )
