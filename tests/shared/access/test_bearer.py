"""Services among themselves, and the door that takes both kinds of bearer."""

import pytest

from shared.access import (
    AccessStore,
    Action,
    Doorkeeper,
    Role,
    allow,
    service_bearer,
    verify_service_bearer,
)
from shared.access.bearer import new_bearer
from shared.kernel.errors import RegulationError, Unauthenticated
from tests.shared.access.conftest import NOW

SECRET = bytes(range(32))


def test_a_service_is_recognised_without_any_table() -> None:
    bearer = service_bearer(SECRET, "reporting")

    caller = verify_service_bearer(SECRET, bearer)

    assert bearer.startswith("dts_reporting_")
    assert (caller.role, caller.seat) == (Role.SERVICE, "service/reporting")
    assert (caller.province, caller.agency) == (None, None)
    allow(caller, Action.READ_LOG, province="ha-noi")


@pytest.mark.parametrize(
    "bearer",
    [
        service_bearer(bytes(32), "reporting"),
        service_bearer(SECRET, "reporting").replace("reporting", "intake"),
        service_bearer(SECRET, "reporting")[:-1],
        service_bearer(SECRET, "reporting") + "\n",
        service_bearer(SECRET, "reporting").upper(),
        "dts__",
        "dts_",
        "",
        "ế",
        "\0",
    ],
)
def test_any_other_service_bearer_is_invalid(bearer: str) -> None:
    with pytest.raises(Unauthenticated, match=r"^access\.token_invalid$"):
        verify_service_bearer(SECRET, bearer)


def test_a_short_secret_is_refused_on_both_sides() -> None:
    for use in (
        lambda: service_bearer(SECRET[:31], "intake"),
        lambda: verify_service_bearer(b"", service_bearer(SECRET, "intake")),
    ):
        with pytest.raises(RegulationError) as caught:
            use()
        assert str(caught.value) == "access.service_secret_short bytes_min=32"


@pytest.mark.parametrize("service", ["", "In take", "a_b", "-a", "A", "a" * 41])
def test_a_service_has_a_slug_for_a_name(service: str) -> None:
    with pytest.raises(RegulationError, match=r"^access\.service_unnamable$"):
        service_bearer(SECRET, service)


def test_the_door_takes_a_seats_token_and_a_services_bearer(tokens: AccessStore) -> None:
    door = Doorkeeper(tokens=tokens, clock=lambda: NOW, service_secret=SECRET)
    issued = tokens.issue(seat="mttq-ba-dinh/can-bo-1", role=Role.CADRE, now=NOW)

    assert door.authenticate(issued.bearer).seat == "mttq-ba-dinh/can-bo-1"
    assert door.authenticate(service_bearer(SECRET, "intake")).role is Role.SERVICE
    with pytest.raises(Unauthenticated, match=r"^access\.token_missing$"):
        door.authenticate(None)


def test_a_door_without_the_shared_secret_lets_no_service_in(tokens: AccessStore) -> None:
    door = Doorkeeper(tokens=tokens, clock=lambda: NOW)

    with pytest.raises(Unauthenticated, match=r"^access\.token_invalid$"):
        door.authenticate(service_bearer(SECRET, "intake"))


def test_no_repr_shows_a_secret(tokens: AccessStore) -> None:
    door = Doorkeeper(tokens=tokens, clock=lambda: NOW, service_secret=SECRET)
    bearer = new_bearer()

    shown = repr(door)

    assert repr(SECRET) not in shown
    assert SECRET.hex() not in shown
    assert bearer.secret not in repr(bearer)
