"""Seats, persons and who is on which seat, over HTTP: for those who manage access."""

from datetime import date
from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from shared.access import Action, Caller, Role
from shared.kernel.clock import system_clock
from shared.kernel.errors import Refused
from shared.kernel.ids import new_id
from shared.people import Holding, Seat
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime
from shared.web.schemas import KEY

blueprint = Blueprint("people", __name__, url_prefix="/access", description="Chức danh, người")

_SEAT = ma.validate.Length(min=1, max=80)
_ID = ma.validate.Length(min=1, max=36)


class NewSeat(ma.Schema):
    """An office, its role and scope, and its first day."""

    seat = ma.fields.String(required=True, validate=_SEAT)
    role = ma.fields.Enum(Role, by_value=True, required=True)
    province = ma.fields.String(load_default=None, allow_none=True, validate=KEY)
    agency = ma.fields.String(load_default=None, allow_none=True, validate=KEY)
    unit = ma.fields.String(load_default=None, allow_none=True, validate=KEY)
    valid_from = ma.fields.Date(required=True)


class LastDay(ma.Schema):
    """The last day of a seat or a holding, inclusive."""

    valid_to = ma.fields.Date(required=True)


class SeatQuery(ma.Schema):
    """Where a list goes on."""

    after = ma.fields.String(load_default="", validate=ma.validate.Length(max=80))


class Nothing(ma.Schema):
    """A body that says nothing: the address says it all."""


class NewPerson(ma.Schema):
    """A person with an account. `subject`: how an OpenID Connect issuer calls the person."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=200))
    login = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=80))
    province = ma.fields.String(load_default=None, allow_none=True, validate=KEY)
    subject = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.Length(min=3, max=300)
    )


class NewHolding(ma.Schema):
    """Who is on a seat from a day on."""

    seat = ma.fields.String(required=True, validate=_SEAT)
    person_id = ma.fields.String(required=True, validate=_ID)
    valid_from = ma.fields.Date(required=True)


@blueprint.route("/seats")
class Seats(MethodView):
    """All seats."""

    @blueprint.arguments(NewSeat)
    @blueprint.response(201)
    def post(self, body: dict[str, Any]) -> tuple[Response, int]:
        """Add a seat; the same again changes nothing."""
        allowed(Action.MANAGE_ACCESS, province=body["province"])
        if body["province"] is not None:
            province = runtime().province(body["province"])
            if body["agency"] is not None and not province.agencies.ever(body["agency"]):
                raise Refused("province.unknown_agency", agency=None)
            if body["unit"] is not None:
                province.unit(body["unit"], body["valid_from"])
        return jsonify(_seat(runtime().people.seats.add(Seat(**body)))), 201

    @blueprint.arguments(SeatQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, str]) -> Response:
        """List the seats of the caller's scope, with who is on each: ids, no names."""
        people, scope = runtime().people, _scope()
        listed = people.seats.list(province=scope, after=query["after"])
        return jsonify(
            {
                "seats": [
                    _seat(each)
                    | {"holdings": [_holding(held) for held in people.holdings.of_seat(each.seat)]}
                    for each in listed
                ]
            }
        )


@blueprint.route("/seats/<path:seat>/end")
class SeatEnd(MethodView):
    """The end of a seat."""

    @blueprint.arguments(LastDay)
    @blueprint.response(200)
    def post(self, body: dict[str, date], seat: str) -> Response:
        """Abolish the seat after its last day."""
        scope = _scope()
        return jsonify(_seat(runtime().people.seats.end(seat, body["valid_to"], province=scope)))


@blueprint.route("/persons")
class Persons(MethodView):
    """Persons with accounts."""

    @blueprint.arguments(NewPerson)
    @blueprint.response(201)
    def post(self, body: dict[str, Any]) -> tuple[Response, int]:
        """Add a person; the answer has the address to choose a password at, shown this once."""
        allowed(Action.MANAGE_ACCESS, province=body["province"])
        people = runtime().people
        person_id = people.persons.add(**body)
        secret = people.links.make(person_id)
        return jsonify({"person_id": person_id, "link": link_to(secret)}), 201

    @blueprint.arguments(SeatQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, str]) -> Response:
        """List the persons of the caller's scope with their names; the look is kept."""
        known = _manager()
        listed = runtime().people.persons.list(
            known.seat, province=known.province, after=query["after"]
        )
        return jsonify(
            {
                "persons": [
                    {"person_id": each.person_id, "province": each.province, "name": each.name}
                    for each in listed
                ]
            }
        )


@blueprint.route("/persons/<person_id>/link")
class PersonLink(MethodView):
    """A new address for somebody who lost the password."""

    @blueprint.arguments(Nothing)
    @blueprint.response(201)
    def post(self, _body: dict[str, Any], person_id: str) -> tuple[Response, int]:
        """Make a new one-time address; browsers where the person is signed in are signed out."""
        _mine(person_id)
        people = runtime().people
        people.sessions.end_all(person_id)
        return jsonify({"link": link_to(people.links.make(person_id))}), 201


@blueprint.route("/persons/<person_id>/disable")
class PersonDisabled(MethodView):
    """The end of an account."""

    @blueprint.arguments(Nothing)
    @blueprint.response(200)
    def post(self, _body: dict[str, Any], person_id: str) -> Response:
        """Let the person sign in no more, and sign him out everywhere."""
        _mine(person_id)
        people = runtime().people
        people.accounts.set_disabled(person_id, is_disabled=True)
        people.sessions.end_all(person_id)
        return jsonify({"person_id": person_id})


@blueprint.route("/holdings")
class Holdings(MethodView):
    """Who is on which seat."""

    @blueprint.arguments(NewHolding)
    @blueprint.response(201)
    def post(self, body: dict[str, Any]) -> tuple[Response, int]:
        """Put a person on a seat."""
        _mine(body["person_id"])
        seat = runtime().people.seats.find(body["seat"])
        allowed(Action.MANAGE_ACCESS, province=seat.province)
        made = Holding(holding_id=new_id(system_clock()), valid_to=None, **body)
        return jsonify(_holding(runtime().people.holdings.add(made))), 201


@blueprint.route("/holdings/<holding_id>/end")
class HoldingEnd(MethodView):
    """The end of a holding."""

    @blueprint.arguments(LastDay)
    @blueprint.response(200)
    def post(self, body: dict[str, date], holding_id: str) -> Response:
        """Let the person leave the seat after the last day."""
        people = runtime().people
        _manager()
        held = people.holdings.find(holding_id)
        allowed(Action.MANAGE_ACCESS, province=people.seats.find(held.seat).province)
        people.holdings.end(holding_id, body["valid_to"])
        return jsonify({"holding_id": holding_id})


def link_to(secret: str) -> str:
    """Return the address at which a person chooses a password."""
    opened = runtime()
    return f"{opened.settings.url}/{opened.name}/account/welcome/{secret}"


def _manager() -> Caller:
    return allowed_somewhere(Action.MANAGE_ACCESS)


def _scope() -> str | None:
    return _manager().province


def _mine(person_id: str) -> None:
    """Return when the caller may manage this person.

    Raises:
        NotFound: `people.unknown_person`.

    """
    runtime().people.persons.check(person_id, province=_scope())


def _seat(seat: Seat) -> dict[str, Any]:
    return {
        "seat": seat.seat,
        "role": seat.role.value,
        "province": seat.province,
        "agency": seat.agency,
        "unit": seat.unit,
        "valid_from": seat.valid_from.isoformat(),
        "valid_to": seat.valid_to.isoformat() if seat.valid_to else None,
    }


def _holding(holding: Holding) -> dict[str, Any]:
    return {
        "holding_id": holding.holding_id,
        "seat": holding.seat,
        "person_id": holding.person_id,
        "valid_from": holding.valid_from.isoformat(),
        "valid_to": holding.valid_to.isoformat() if holding.valid_to else None,
    }
