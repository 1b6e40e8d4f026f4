"""The sessions of the history, in exactly the numbers that were published."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from deploy.demo.history.dice import Dice
from deploy.demo.history.handling import Handling
from deploy.demo.history.opinions import Gathering
from deploy.demo.history.place import Place, published_figures
from deploy.demo.history.records import (
    Fate,
    HistoricOpinion,
    PlannedCommitment,
    PlannedSession,
    Via,
)
from deploy.demo.history.timetable import Slot
from shared.contracts.vocabulary import Level, Mode, SessionKind

TRIGGERS = (
    "conspicuous",
    "prolonged",
    "many_people",
    "many_agencies",
    "serious_consequences",
)
GROUPS = (("nhan_dan", 60), ("doan_the", 16), ("can_bo", 13), ("dang_vien", 11))
MODES = ((Mode.IN_PERSON, 50), (Mode.HYBRID, 30), (Mode.ONLINE, 20))

LEAST_ATTENDANCES = {Level.DISTRICT: 40, Level.COMMUNE: 18}
LEAST_OPINIONS = {Level.DISTRICT: 5, Level.COMMUNE: 3}
COMMITTED_OPINIONS = 6
"""One commitment answers that many opinions at most."""
UNANSWERED_OPINIONS = 3
"""One session leaves that many opinions without an answer at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What one session must add to the totals."""

    attendances: int
    opinions: int
    unanswered: int


def numbers(dice: Dice, slots: tuple[Slot, ...]) -> dict[Slot, Numbers]:
    """Return each session's share of the published totals."""
    shares: dict[Slot, Numbers] = {}
    for (level, kind), published in published_figures().items():
        own = [slot for slot in slots if (slot.locality.level, slot.session_kind) == (level, kind)]
        weights = [10 + len(slot.locality.topics) for slot in own]
        attended = dice.spread(
            published.attendances, weights, LEAST_ATTENDANCES[level], "attended", level, kind
        )
        opinions = dice.spread(
            published.opinions, weights, LEAST_OPINIONS[level], "opinions", level, kind
        )
        missing = _unanswered(dice, own, published.opinions - published.answered)
        for slot, present, said in zip(own, attended, opinions, strict=True):
            shares[slot] = Numbers(
                attendances=present, opinions=said, unanswered=missing.get(slot, 0)
            )
    return shares


def _unanswered(dice: Dice, slots: list[Slot], total: int) -> dict[Slot, int]:
    """Return how many opinions stay without an answer, over years and units in turn."""
    missing: dict[Slot, int] = {}
    years = sorted({slot.held_on.year for slot in slots})
    while total:
        year = years[len(missing) % len(years)]
        units = {slot.locality.unit for slot in missing}
        free = [
            slot for slot in slots if slot.held_on.year == year and slot.locality.unit not in units
        ]
        slot = dice.pick(free, "unanswered", len(missing))
        part = min(total, dice.between(1, UNANSWERED_OPINIONS, "part", len(missing)))
        missing[slot] = part
        total -= part
    return missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Composes sessions for one seed."""

    dice: Dice
    place: Place
    handling: Handling
    gathering: Gathering

    def compose(
        self, slots: tuple[Slot, ...], digest_days: dict[tuple[str, int, int], date]
    ) -> tuple[PlannedSession, ...]:
        """Return the sessions of `slots`, in their order."""
        shares = numbers(self.dice, slots)
        notices: Counter[tuple[str, int]] = Counter()
        composed = []
        for slot in slots:
            year = slot.held_on.year
            notices[slot.locality.unit, year] += 1
            digest_on = digest_days[quarter_of(slot.locality.organisation, slot.held_on)]
            composed.append(
                self._session(slot, shares[slot], digest_on, notices[slot.locality.unit, year])
            )
        return tuple(composed)

    def _session(self, slot: Slot, share: Numbers, digest_on: date, notice: int) -> PlannedSession:
        dice, locality = self.dice, slot.locality
        key = f"{locality.unit}.{slot.held_on}.{slot.session_kind}"
        is_ad_hoc = slot.session_kind is SessionKind.AD_HOC
        is_online = slot.held_on >= self.place.online_from
        issued_on = self.handling.calendar.add_working_days(
            slot.held_on, dice.between(2, 7, "issued", key)
        )
        opinions = self.gathering.of_session(slot, key, share.opinions, share.unanswered, digest_on)
        commitments = self._commitments(slot, key, opinions, issued_on)
        raised = sum(opinion.via is Via.ROOM for opinion in opinions)
        return PlannedSession(
            key=key,
            unit=locality.unit,
            level=locality.level,
            session_kind=slot.session_kind,
            mode=dice.weighted(MODES, "mode", key) if is_online else Mode.IN_PERSON,
            held_on=slot.held_on,
            planned_year=slot.held_on.year,
            trigger=dice.pick(TRIGGERS, "trigger", key) if is_ad_hoc else None,
            head_present=not dice.permille(80, "delegated", key),
            attendances=self._attendances(key, share.attendances),
            speaking_turns=(
                None
                if dice.permille(80, "turns unstated", key)
                else raised + dice.between(2, 9, "turns", key)
            ),
            opinions=_with_answers(opinions, commitments),
            commitments=commitments,
            issued_on=issued_on,
            conclusion_number=f"{12 * notice + dice.below(12, 'notice', key)}/TB-UBND",
        )

    def _attendances(self, key: str, total: int) -> tuple[tuple[str, int], ...]:
        parts = self.dice.spread(total, [weight for _, weight in GROUPS], 1, "groups", key)
        return tuple((group, part) for (group, _), part in zip(GROUPS, parts, strict=True))

    def _commitments(
        self, slot: Slot, key: str, opinions: tuple[HistoricOpinion, ...], issued_on: date
    ) -> tuple[PlannedCommitment, ...]:
        """Return commitments over all opinions not answered on the spot, by field and fate."""
        open_ones: dict[tuple[str, Fate], list[str]] = {}
        for opinion in opinions:
            if opinion.fate is not Fate.ON_THE_SPOT:
                open_ones.setdefault((opinion.field, opinion.fate), []).append(opinion.key)
        made: list[PlannedCommitment] = []
        for (field, fate), keys in open_ones.items():
            at = 0
            while at < len(keys):
                nth = f"{key}.c{len(made) + 1}"
                size = self.dice.between(1, COMMITTED_OPINIONS, "size", nth)
                made.append(
                    self.handling.commitment(
                        slot.locality,
                        key=nth,
                        field=field,
                        opinion_keys=tuple(keys[at : at + size]),
                        held_on=slot.held_on,
                        issued_on=issued_on,
                        is_answered=fate is Fate.COMMITMENT,
                    )
                )
                at += size
        return tuple(made)


def quarter_of(organisation: str, day: date) -> tuple[str, int, int]:
    """Return (organisation, year, quarter): what there is one digest of."""
    return organisation, day.year, (day.month + 2) // 3


def _with_answers(
    opinions: tuple[HistoricOpinion, ...], commitments: tuple[PlannedCommitment, ...]
) -> tuple[HistoricOpinion, ...]:
    """Return `opinions`, those of a commitment with the answer of its agency."""
    answers = {
        key: commitment.answer
        for commitment in commitments
        if commitment.answer
        for key in commitment.opinion_keys
    }
    return tuple(
        replace(
            opinion,
            outcome=answers[opinion.key].outcome,
            answer_text=answers[opinion.key].text,
        )
        if opinion.key in answers
        else opinion
        for opinion in opinions
    )
