"""Tokens: issued, listed, revoked and recognised, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.access import METADATA, AccessStore, Caller, IssuedToken, Role
from shared.access.tables import access_token
from shared.kernel.errors import BadInput, NotFound, Unauthenticated
from shared.store import Store
from tests.shared.access.conftest import NOW

SEAT = "mttq-ba-dinh/can-bo-1"


def issue(tokens: AccessStore, now: datetime = NOW) -> IssuedToken:
    return tokens.issue(seat=SEAT, role=Role.CADRE, province="ha-noi", unit="quan-ba-dinh", now=now)


def refusal(tokens: AccessStore, bearer: str | None, now: datetime = NOW) -> str:
    with pytest.raises(Unauthenticated) as caught:
        tokens.authenticate(bearer, now)
    return str(caught.value)


def test_the_holder_of_a_token_is_recognised_with_role_and_scope(tokens: AccessStore) -> None:
    issued = tokens.issue(
        seat="so-xay-dung/truong-phong",
        role=Role.AGENCY_HEAD,
        province="ha-noi",
        agency="so-xay-dung",
        now=NOW,
    )

    assert tokens.authenticate(issued.bearer, NOW) == Caller(
        token_id=issued.token.token_id,
        seat="so-xay-dung/truong-phong",
        role=Role.AGENCY_HEAD,
        province="ha-noi",
        agency="so-xay-dung",
    )


def test_a_bearer_names_its_id_and_holds_256_random_bits(tokens: AccessStore) -> None:
    bearers = [issue(tokens).bearer for _ in range(3)]

    prefix, token_id, secret = bearers[0].split("_")
    assert (prefix, len(token_id), len(bytes.fromhex(secret))) == ("dt", 16, 32)
    assert len({bearer.split("_")[2] for bearer in bearers}) == 3


def test_only_a_hash_of_the_secret_is_stored(store: Store, tokens: AccessStore) -> None:
    issued = issue(tokens)
    secret = issued.bearer.split("_")[2]

    with store.read() as connection:
        row = connection.execute(sa.select(access_token)).mappings().one()

    assert row["token_id"] == issued.token.token_id
    assert secret not in str(dict(row))


def test_the_secret_is_in_no_file_and_no_repr(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/access.sqlite")
    METADATA.create_all(store.engine)
    issued = issue(AccessStore(store))
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    store.close()

    secret = issued.bearer.split("_")[2]

    assert issued.token.token_id.encode() in stored
    assert secret.encode() not in stored
    assert secret not in repr(issued)


def test_no_token_is_missing(tokens: AccessStore) -> None:
    assert refusal(tokens, None) == refusal(tokens, "") == "access.token_missing"


def malformed(bearer: str) -> Iterator[str]:
    yield "Bearer"
    yield bearer.upper()
    yield bearer[:-1]
    yield bearer + "0"
    yield bearer + "\n"
    yield " " + bearer
    yield bearer.replace("dt_", "dts_")
    yield bearer.replace("_", "-")
    yield "dt__"
    yield "ế" * 84
    yield "\0" * 84
    yield "x" * 1_000_000


def test_malformed_unknown_and_wrong_tokens_are_told_apart_by_nobody(tokens: AccessStore) -> None:
    first, second = issue(tokens).bearer, issue(tokens).bearer
    unknown = "dt_" + "0" * 16 + "_" + "0" * 64
    crossed = "_".join([*first.split("_")[:2], second.split("_")[2]])
    almost = first[:-1] + ("0" if first[-1] != "0" else "1")

    codes = {refusal(tokens, bearer) for bearer in [*malformed(first), unknown, crossed, almost]}

    assert codes == {"access.token_invalid"}


def test_a_token_is_taken_until_just_before_it_expires(tokens: AccessStore) -> None:
    issued = tokens.issue(seat=SEAT, role=Role.CADRE, now=NOW, lifetime=timedelta(hours=1))
    end = NOW + timedelta(hours=1)

    assert tokens.authenticate(issued.bearer, end - timedelta(microseconds=1)).seat == SEAT
    assert refusal(tokens, issued.bearer, end) == "access.token_expired"


def test_an_expired_token_with_a_wrong_secret_is_only_invalid(tokens: AccessStore) -> None:
    issued = tokens.issue(seat=SEAT, role=Role.CADRE, now=NOW, lifetime=timedelta(hours=1))
    wrong = issued.bearer[:-64] + "0" * 64

    assert refusal(tokens, wrong, NOW + timedelta(days=1)) == "access.token_invalid"


def test_the_default_lifetime_is_a_parameter(store: Store) -> None:
    tokens = AccessStore(store, lifetime=timedelta(days=7))

    assert issue(tokens).token.expires_at == NOW + timedelta(days=7)


def test_a_revoked_token_is_invalid_from_then_on(tokens: AccessStore) -> None:
    issued = issue(tokens)

    revoked = tokens.revoke(issued.token.token_id, now=NOW)

    assert revoked.revoked_at == NOW
    assert refusal(tokens, issued.bearer) == "access.token_invalid"
    assert refusal(tokens, issued.bearer, NOW + timedelta(days=999)) == "access.token_invalid"


def test_revoking_again_keeps_the_first_instant_and_touches_no_other_token(
    tokens: AccessStore,
) -> None:
    issued, other = issue(tokens), issue(tokens)
    tokens.revoke(issued.token.token_id, now=NOW)

    assert tokens.revoke(issued.token.token_id, now=NOW + timedelta(days=1)).revoked_at == NOW
    assert tokens.authenticate(other.bearer, NOW).token_id == other.token.token_id


def test_revoking_what_is_not_there_is_not_found(tokens: AccessStore) -> None:
    with pytest.raises(NotFound, match=r"^access\.unknown_token$"):
        tokens.revoke("0" * 16, now=NOW)


def test_tokens_are_listed_latest_first_page_by_page_without_secrets(tokens: AccessStore) -> None:
    issued = [issue(tokens, NOW + timedelta(minutes=number // 2)).token for number in range(5)]
    expected = sorted(issued, key=lambda token: (token.issued_at, token.token_id), reverse=True)

    first = tokens.list(2)
    second = tokens.list(2, before=first[-1])
    rest = tokens.list(before=second[-1])

    assert [*first, *second, *rest] == expected
    assert tokens.list(-1) == []


@pytest.mark.parametrize(
    "seat",
    [
        "Nguyễn Văn An",
        "Nguyen Van An",
        "nguyen van an",
        "",
        "/can-bo",
        "can-bo/",
        "a//b",
        "-a",
        "a_b",
        "a\n",
        "a" * 81,
    ],
)
def test_a_seat_is_a_key_and_never_a_persons_name(tokens: AccessStore, seat: str) -> None:
    with pytest.raises(BadInput) as caught:
        tokens.issue(seat=seat, role=Role.CADRE, now=NOW)

    assert str(caught.value) == "access.seat_malformed"


@pytest.mark.parametrize("seat", ["a", "a" * 80, "mttq-ba-dinh/can-bo-1", "ubnd/p1/chu-tich"])
def test_a_key_is_a_seat(tokens: AccessStore, seat: str) -> None:
    assert tokens.issue(seat=seat, role=Role.CADRE, now=NOW).token.seat == seat


@pytest.mark.parametrize(
    ("role", "scope", "code"),
    [
        (Role.SERVICE, {}, "access.role_not_issued role=service"),
        (Role.AGENCY_CLERK, {"province": "ha-noi"}, "access.scope_incomplete role=agency_clerk"),
        (Role.AGENCY_HEAD, {"agency": "so-y-te"}, "access.scope_incomplete role=agency_head"),
        (Role.CADRE, {"unit": "quan-ba-dinh"}, "access.scope_incomplete role=cadre"),
        (
            Role.CHAIR,
            {"province": "ha-noi", "agency": "so-y-te"},
            "access.scope_unfitting role=chair",
        ),
        (Role.CADRE, {"province": "Hà Nội"}, "access.scope_malformed name=province"),
        (
            Role.AGENCY_HEAD,
            {"province": "ha-noi", "agency": "Sở Y tế"},
            "access.scope_malformed name=agency",
        ),
        (Role.CADRE, {"province": "ha-noi", "unit": "a" * 81}, "access.scope_malformed name=unit"),
    ],
)
def test_a_token_is_issued_for_a_scope_that_fits_the_role_only(
    tokens: AccessStore, role: Role, scope: dict[str, str], code: str
) -> None:
    with pytest.raises(BadInput) as caught:
        tokens.issue(
            seat=SEAT,
            role=role,
            province=scope.get("province"),
            agency=scope.get("agency"),
            unit=scope.get("unit"),
            now=NOW,
        )

    assert str(caught.value) == code
    assert tokens.list() == []


def test_a_token_that_would_be_dead_at_birth_is_not_issued(tokens: AccessStore) -> None:
    with pytest.raises(BadInput, match=r"^access\.lifetime_not_positive$"):
        tokens.issue(seat=SEAT, role=Role.CADRE, now=NOW, lifetime=timedelta(0))
