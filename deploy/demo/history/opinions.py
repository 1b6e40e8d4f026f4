"""The opinions of one session: what about, how heard, what becomes of them."""

from dataclasses import dataclass, replace
from datetime import date

from deploy.demo.history.dice import Dice
from deploy.demo.history.narratives import Narrator
from deploy.demo.history.place import Locality
from deploy.demo.history.records import Fate, HistoricOpinion, Via
from deploy.demo.history.timetable import Slot
from shared.contracts.vocabulary import Channel, Outcome, SessionKind

CHANNELS = (
    (Channel.BRANCH_MEETING, 30),
    (Channel.DIRECT, 25),
    (Channel.SOCIAL_GROUP, 18),
    (Channel.VOTER_MEETING, 12),
    (Channel.CITIZEN_RECEPTION, 9),
    (Channel.WRITTEN, 6),
)
ROOM_OUTCOMES = (
    (Outcome.EXPLAINED, 60),
    (Outcome.ACCEPTED_WITH_PLAN, 25),
    (Outcome.RESOLVED, 15),
)
VOICES = ((1, 45), (3, 20), (8, 15), (20, 12), (45, 6), (120, 2))
"""Upper bounds of how many people share an opinion, with their weights."""

GATHERED_DAYS = 40
"""Calendar days before its digest in which an opinion was gathered at most."""
DIGEST_PERMILLE = {SessionKind.PERIODIC: 620, SessionKind.AD_HOC: 350}
ON_THE_SPOT_PERMILLE = 350


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Gathers opinions for one seed."""

    dice: Dice
    narrator: Narrator

    def of_session(
        self, slot: Slot, key: str, count: int, unanswered: int, digest_on: date
    ) -> tuple[HistoricOpinion, ...]:
        """Return `count` opinions, `unanswered` of them never answered, digest ones first.

        At least one is left to a commitment, so that every session has a conclusion.
        """
        heard = [
            self._of_session(slot, f"{key}.{nth:03d}", field, at, digest_on)
            for nth, (field, at) in enumerate(self._fields(slot, key, count), start=1)
        ]
        heard[:unanswered] = [
            replace(opinion, fate=Fate.UNANSWERED, outcome=None, answer_text=None)
            for opinion in heard[:unanswered]
        ]
        if all(opinion.fate is Fate.ON_THE_SPOT for opinion in heard):
            heard[-1] = replace(heard[-1], fate=Fate.COMMITMENT, outcome=None, answer_text=None)
        return tuple(sorted(heard, key=lambda opinion: (opinion.via is Via.ROOM, opinion.key)))

    def gathered(
        self, locality: Locality, key: str, field: str, nth: int, received_on: date
    ) -> HistoricOpinion:
        """Return an opinion that the Front gathered, not yet bound for anything."""
        told = self.narrator.opinion(locality, field, key, received_on, nth)
        return HistoricOpinion(
            key=key,
            unit=locality.unit,
            level=locality.level,
            organisation=locality.organisation,
            field=field,
            opinion_kind=told.kind,
            channel=self.dice.weighted(CHANNELS, "channel", key),
            voices=self._voices(key),
            received_on=received_on,
            text=told.text,
            via=Via.DIGEST,
            fate=Fate.REFERRAL,
        )

    def field_for(self, locality: Locality, key: str) -> str:
        """Return what an opinion from `locality` is about: its own topics, or anything."""
        if locality.topics and self.dice.permille(600, "own topic", key):
            return self.dice.pick(locality.topics, "topic", key)
        return self.dice.weighted(self.narrator.place.fields, "field", key)

    def _of_session(
        self, slot: Slot, key: str, field: str, nth: int, digest_on: date
    ) -> HistoricOpinion:
        is_gathered = self.dice.permille(DIGEST_PERMILLE[slot.session_kind], "via", key)
        opinion = replace(
            self.gathered(
                slot.locality,
                key,
                field,
                nth,
                days_before(self.dice, digest_on, key) if is_gathered else slot.held_on,
            ),
            session_key=key.rpartition(".")[0],
            fate=Fate.COMMITMENT,
        )
        if not is_gathered:
            opinion = replace(opinion, via=Via.ROOM, channel=Channel.SESSION)
        if self.dice.permille(ON_THE_SPOT_PERMILLE, "on the spot", key):
            outcome = self.dice.weighted(ROOM_OUTCOMES, "outcome", key)
            answer = self.narrator.room_answer(slot.locality, outcome, key)
            opinion = replace(opinion, fate=Fate.ON_THE_SPOT, outcome=outcome, answer_text=answer)
        return opinion

    def _fields(self, slot: Slot, key: str, count: int) -> list[tuple[str, int]]:
        """Return (field, running number within it) of each opinion, fields side by side."""
        most = 5 if slot.session_kind is SessionKind.PERIODIC else 2
        wanted = min(count, self.dice.between(most - 1, most, "fields", key))
        fields = list(slot.locality.topics)
        if len(fields) > wanted:
            fields = list(self.dice.shuffled(fields, "topics", key)[:wanted])
        weights = [max(3, 9 // len(fields))] * len(fields) if fields else []
        draw = 0
        while len(fields) < wanted:
            field = self.dice.weighted(self.narrator.place.fields, "field", key, draw)
            draw += 1
            if field not in fields:
                fields.append(field)
                weights.append(1)
        parts = self.dice.spread(count, weights, 1, "opinions", key)
        return [
            (field, at) for field, part in zip(fields, parts, strict=True) for at in range(part)
        ]

    def _voices(self, key: str) -> int:
        most = self.dice.weighted(VOICES, "breadth", key)
        return self.dice.between(1, most, "voices", key)


def days_before(dice: Dice, digest_on: date, key: str) -> date:
    """Return the day on which an opinion of the digest of `digest_on` was gathered."""
    return date.fromordinal(digest_on.toordinal() - dice.between(1, GATHERED_DAYS, "gathered", key))
