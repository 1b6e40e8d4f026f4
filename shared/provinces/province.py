"""A province as the services ask it: who, where, which field, which agency, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from shared.calendar import WorkCalendar
from shared.contracts.vocabulary import Level, OpinionKind, ReferenceKind, TriageReason
from shared.deadlines import Deadline, Terms, deadline_of
from shared.kernel.errors import NotFound, Refused
from shared.kernel.periods import Period, Register
from shared.kernel.reference import is_slug
from shared.provinces.bodies import Agency, Organisation, spelt_out
from shared.provinces.fields import Field, Fields
from shared.provinces.routing import RoutedMatter, Routing, RoutingRow, Unrouted, choose
from shared.provinces.succession import Split, successor_on
from shared.references import ReferenceFile, named
from shared.regulations import Matter, Regulation, Rule
from shared.territory import OfficialCode, Territory, Unit

ANY_MATTER = Matter()
_NAME_LIMIT_CHARS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Province(Period):
    """One province file, checked. Every answer depends on the arguments alone."""

    slug: str
    name: str
    name_en: str
    successor: str | None
    """Slug of the province that this one went into."""
    territory: Territory
    organisations: Register[Organisation]
    agencies: Register[Agency]
    fields: Fields
    routing: tuple[RoutingRow, ...]
    regulation: Regulation
    calendar: WorkCalendar
    file: str
    sha256: str
    """Of the bytes of the file, as hex: the version that events name."""
    files: tuple[ReferenceFile, ...]
    """Every file that its answers rest on: its own first, then the national ones."""

    def references(self, *kinds: ReferenceKind) -> str:
        """Return the versions of its files of `kinds` as an event names them; "" for none."""
        return named(file for file in self.files if file.kind in kinds)

    def unit(self, key: str, on: date) -> Unit:
        """Return the unit that `key` names on the day `on`.

        Raises Refused `province.unknown_unit`.
        """
        unit = self.territory.on(key, on)
        if unit is None:
            raise Refused("province.unknown_unit", unit=shown_key(key), on=on)
        return unit

    def unit_named(self, name: str, on: date) -> Unit:
        """Return the unit that a typed `name` means on the day `on`; see `Territory.named`.

        Raises Refused: `province.unknown_unit`, `province.ambiguous_unit` with the keys of
        the candidates. What was typed is not repeated: it may be anything.
        """
        found = self.territory.named(name[:_NAME_LIMIT_CHARS], on)
        if not found:
            raise Refused("province.unknown_unit", unit=None, on=on)
        if len(found) > 1:
            candidates = tuple(sorted(unit.key for unit in found))
            raise Refused("province.ambiguous_unit", candidates=candidates, on=on)
        return found[0]

    def unit_by_code(self, official: OfficialCode) -> Unit:
        """Return the unit that ever had this official code, the latest when several had.

        Raises Refused `province.unknown_code`.
        """
        found = self.territory.by_code(official)
        if not found:
            raise Refused("province.unknown_code", scheme=official.scheme, level=official.level)
        return max(found, key=lambda unit: unit.valid_from)

    def organisation(self, key: str, on: date) -> Organisation:
        """Return the organisation that `key` names on the day `on`.

        Raises Refused `province.unknown_organisation`.
        """
        organisation = self.organisations.on(key, on)
        if organisation is None:
            raise Refused("province.unknown_organisation", organisation=shown_key(key), on=on)
        return organisation

    def organisation_named(self, name: str, on: date) -> Organisation:
        """Return the organisation that a typed `name` means on the day `on`: a key or a name.

        Usual abbreviations are understood, as in "Ủy ban MTTQ Việt Nam".

        Raises Refused `province.unknown_organisation`; what was typed is not repeated.
        """
        wanted = spelt_out(name[:_NAME_LIMIT_CHARS])
        found = [
            organisation
            for organisation in self.organisations
            if organisation.includes(on)
            and (organisation.key == name or spelt_out(organisation.name) == wanted)
        ]
        if len(found) != 1:
            raise Refused("province.unknown_organisation", organisation=shown_key(name), on=on)
        return found[0]

    def agency(self, key: str, on: date) -> Agency:
        """Return the agency that `key` names, competent on the day `on`.

        Raises Refused: `province.unknown_agency` when there never was one,
        `province.agency_not_competent` when it does not exist on that day.
        """
        agency = self.agencies.on(key, on)
        if agency is not None:
            return agency
        if self.agencies.ever(key):
            raise Refused("province.agency_not_competent", agency=key, on=on)
        raise Refused("province.unknown_agency", agency=shown_key(key))

    def agency_after(self, agency: Agency, on: date) -> Agency | Split[Agency] | None:
        """Return who has the duties of `agency` on the day `on`; see `successor_on`."""
        return successor_on(self.agencies, agency, on)

    def field(self, key: str, on: date) -> Field:
        """Return the field that `key` names on the day `on`.

        Raises Refused `province.unknown_field`.
        """
        field = self.fields.on(key, on)
        if field is None:
            raise Refused("province.unknown_field", field=shown_key(key), on=on)
        return field

    def field_named(self, name: str, on: date) -> Field:
        """Return the field that a typed `name` means on the day `on`: a key or a name.

        Raises Refused `province.unknown_field`.
        """
        field = self.fields.named(name[:_NAME_LIMIT_CHARS], on)
        if field is None:
            raise Refused("province.unknown_field", field=None, on=on)
        return field

    def route(
        self,
        field: str,
        level: Level,
        on: date,
        unit: str | None = None,
        opinion_kind: OpinionKind | None = None,
    ) -> Routing | Unrouted:
        """Return the agency competent for `field` at `level` on the day `on`, with the row.

        `unit` is the key of the unit that the matter comes from: a row that names an office
        looks for it in that unit, or in the one of `level` that it lies in. Unrouted where
        rows of equal priority mean several agencies, or leave it to a person. Raises Refused:
        `province.unknown_field`, `province.unknown_unit`, `province.not_in_force` on a day
        outside the province's own period.
        """
        self.field(field, on)
        line: tuple[Unit, ...] = ()
        if unit is not None:
            line = self.territory.line(self.unit(unit, on).key, on)
        place = next((each for each in line if each.level is level), None)

        def agencies_of_office(office: str) -> tuple[str, ...]:
            return tuple(
                agency.key
                for agency in self.agencies
                if place is not None
                and agency.unit == place.key
                and agency.office == office
                and agency.includes(on)
            )

        matter = RoutedMatter(
            field=field,
            level=level,
            units=frozenset(each.key for each in line),
            opinion_kind=opinion_kind,
        )
        chosen = choose(self.routing, matter, on, agencies_of_office)
        if chosen is None:
            raise Refused("province.not_in_force", province=self.slug, on=on)
        row, agencies = chosen
        if len(agencies) != 1:
            reason = TriageReason.AMBIGUOUS if agencies else TriageReason.UNMATCHED
            return Unrouted(reason=reason, candidates=agencies)
        citation = f"{self.file}@{self.sha256[:12]} routing[{row.number}]: {row.citation}"
        return Routing(agency=agencies[0], citation=citation)

    def due(
        self,
        rule_key: str,
        base: date,
        *,
        matter: Matter = ANY_MATTER,
        received_at: time | None = None,
    ) -> Deadline:
        """Return when the limit `rule_key` ends for `matter`, counted from the day `base`.

        The rule is the one in force on `base`. See `deadline_of`: of pauses and extensions
        nothing is known yet. Raises RegulationError: `regulation.no_rule`,
        `regulation.other_type`.
        """
        rule = self.regulation.rule(rule_key, base)
        return self.due_by(rule, base, matter=matter, received_at=received_at)

    def due_by(
        self,
        rule: Rule,
        base: date,
        *,
        matter: Matter = ANY_MATTER,
        received_at: time | None = None,
    ) -> Deadline:
        """Return when the limit that `rule` states ends. As `due`, by a rule of one's choice."""
        terms = Terms(
            limit=rule.as_limit().of(matter),
            base_on=base,
            received_at=received_at,
            cutoff=None
            if received_at is None
            else self.regulation.rule("receipt_cutoff", base).as_hour(),
        )
        return deadline_of(terms, self.calendar, citation=rule.citation, is_law=rule.is_law)


def province_of(provinces: Mapping[str, Province], slug: str) -> Province:
    """Return the province `slug`. Raises NotFound `province.unknown`."""
    try:
        return provinces[slug]
    except KeyError:
        raise NotFound("province.unknown", province=shown_key(slug)) from None


def shown_key(key: str) -> str | None:
    """Return a key as an error may repeat it, None for what does not look like one.

    A value in the wrong place may hold a name, a telephone number or a narrative; a text
    shows "…" for that.
    """
    return key if is_slug(key) and key[0].isalpha() else None
