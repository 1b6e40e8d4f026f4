"""What people say and what they are answered, told from templates."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from deploy.demo.history.dice import Dice
from deploy.demo.history.persons import mention
from deploy.demo.history.place import Locality, Place, document
from shared.contracts.vocabulary import DeclineReason, OpinionKind, Outcome

SINCE = (
    "từ đầu năm",
    "hơn một năm nay",
    "gần hai năm nay",
    "từ sau Tết",
    "ba tháng nay",
    "từ mùa mưa năm trước",
    "nhiều tháng nay",
    "từ đợt thi công trước",
)
UNTIL = (
    "trong quý tới",
    "trước mùa mưa",
    "trước Tết",
    "trong tháng tới",
    "trước năm học mới",
    "trong năm nay",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text with places to fill."""

    kind: OpinionKind
    text: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A narrative and what kind of opinion it is."""

    kind: OpinionKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrator:
    """Tells narratives, answers and products for one seed."""

    dice: Dice
    place: Place

    def opinion(self, locality: Locality, field: str, key: str, on: date, nth: int) -> Told:
        """Return what people of `locality` say about `field`; `nth` walks the templates."""
        known = [template for template in templates(field) if template.since <= on]
        start = self.dice.below(len(known), "template", key.rpartition(".")[0], field)
        template = known[(start + nth) % len(known)]
        closing = self.dice.pick(document("narratives.toml")["closings"], "closing", key)
        return Told(
            kind=template.kind, text=self._narrative(f"{template.text} {closing}", locality, key)
        )

    def complaint(self, locality: Locality, key: str) -> tuple[DeclineReason, str, Told]:
        """Return the reason, the field and the text of a row that must be turned away."""
        raw = self.dice.pick(document("declined.toml")["declined"], "declined", key)
        text = self.dice.pick(raw["texts"], "declined text", key)
        told = Told(kind=OpinionKind.REFLECTION, text=self._narrative(text, locality, key))
        return DeclineReason(raw["reason"]), raw["field"], told

    def room_answer(self, locality: Locality, outcome: Outcome, key: str) -> str:
        """Return what the chair answers in the room to the opinion `key`."""
        return self._answer("room", locality, outcome, f"{key}.answer", about=key)

    def agency_answer(
        self,
        locality: Locality,
        outcome: Outcome,
        key: str,
        *,
        about: str,
        field: str,
        agency: str,
        on: date,
    ) -> str:
        """Return what the lead agency writes about the place of the opinion `about`."""
        return self._answer(
            "street" if field in document("answers.toml")["on_site"] else "paper",
            locality,
            outcome,
            key,
            about=about,
            co_quan=self.place.agency_name(agency),
            ngay=f"{on:%d/%m/%Y}",
        )

    def product(self, field: str, key: str) -> str:
        """Return what a commitment on `field` must deliver."""
        product: str = self.dice.pick(document("answers.toml")["products"][field], "product", key)
        return product

    def _answer(
        self, tone: str, locality: Locality, outcome: Outcome, key: str, about: str, **facts: str
    ) -> str:
        text = self.dice.pick(document("answers.toml")[tone][outcome.value], "answer", key)
        return self._with_mention(self._filled(text, locality, about, **facts), key)

    def _narrative(self, text: str, locality: Locality, key: str) -> str:
        return self._with_mention(self._filled(text, locality, key), key)

    def _filled(self, text: str, locality: Locality, key: str, **facts: str) -> str:
        """Return `text` with its places filled, the same ones for the same `key`."""
        dice = self.dice
        ward = (
            locality if locality in self.place.wards else dice.pick(self.place.wards, "ward", key)
        )
        street = dice.pick(ward.streets, "street", key)
        alley = dice.between(2, 190, "alley", key)
        branch = f"ngách {alley}/{dice.between(2, 48, 'branch', key)}"
        return text.format(
            noi=f"{branch if dice.permille(350, 'branched', key) else f'ngõ {alley}'} phố {street}",
            to=f"tổ dân phố số {dice.between(1, 24, 'group', key)}",
            phuong=ward.name,
            tu=dice.pick(SINCE, "since", key),
            so=dice.between(3, 48, "number", key),
            han=dice.pick(UNTIL, "until", key),
            **facts,
        ).strip()

    def _with_mention(self, text: str, key: str) -> str:
        person = mention(self.dice, key)
        return f"{text} {person.sentence}" if person else text


@cache
def templates(field: str) -> tuple[Template, ...]:
    """Return every template of `field`, in the order of the data."""
    told = [
        Template(kind=OpinionKind(raw["kind"]), text=text, since=raw.get("since", date.min))
        for raw in document("narratives.toml")["narratives"]
        if raw["field"] == field
        for text in raw["texts"]
    ]
    return tuple(told)
