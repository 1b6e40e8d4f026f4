"""The whole history of one seed, put together."""

from dataclasses import replace
from functools import cache

from deploy.demo.history.dice import Dice
from deploy.demo.history.digests import Digests, digest_days
from deploy.demo.history.handling import Handling
from deploy.demo.history.narratives import Narrator
from deploy.demo.history.opinions import Gathering
from deploy.demo.history.persons import mention
from deploy.demo.history.place import ba_dinh
from deploy.demo.history.records import Fate, HistoricDigest, HistoricOpinion, History
from deploy.demo.history.referrals import OutsideSessions
from deploy.demo.history.sessions import Sessions
from deploy.demo.history.timetable import slots
from shared.calendar import WorkCalendar

PUBLISHED_YEARS_BEGAN = 2017


@cache
def history(seed: int = PUBLISHED_YEARS_BEGAN) -> History:
    """Return the history of `seed`: the same on every machine, with the published totals."""
    dice, place, calendar = Dice(seed), ba_dinh(), WorkCalendar({})
    narrator = Narrator(dice=dice, place=place)
    handling = Handling(dice=dice, calendar=calendar, narrator=narrator)
    gathering = Gathering(dice=dice, narrator=narrator)
    held = slots(dice, place, calendar)
    days = digest_days(dice, held, calendar)
    sessions = Sessions(dice=dice, place=place, handling=handling, gathering=gathering).compose(
        held, days
    )
    outside = OutsideSessions(dice=dice, place=place, handling=handling, gathering=gathering)
    localities = {locality.organisation: locality for locality in place.localities}
    reports = [(localities[organisation], day) for (organisation, _, _), day in days.items()]
    referrals, declined = outside.referrals(reports), outside.declined(reports)
    composed = History(
        seed=seed,
        sessions=sessions,
        referrals=referrals,
        declined=declined,
        digests=Digests(dice=dice, place=place, days=days).compose(
            sessions,
            [*(made.opinion for made in referrals), *(made.opinion for made in declined)],
        ),
        planted=(),
    )
    return replace(composed, planted=_planted(dice, composed))


def digests(seed: int = PUBLISHED_YEARS_BEGAN) -> tuple[HistoricDigest, ...]:
    """Return the digests of the history of `seed`, in time order."""
    return history(seed).digests


def _planted(dice: Dice, composed: History) -> tuple[str, ...]:
    """Return every string that names a person in any text of `composed`, sorted."""
    keys = [
        *(opinion.key for opinion in composed.opinions),
        *(f"{opinion.key}.answer" for opinion in composed.opinions if _is_answered_alone(opinion)),
        *(
            f"{commitment.key}.answer"
            for session in composed.sessions
            for commitment in session.commitments
            if commitment.answer
        ),
    ]
    mentions = (mention(dice, key) for key in keys)
    return tuple(sorted({text for found in mentions if found for text in found.planted}))


def _is_answered_alone(opinion: HistoricOpinion) -> bool:
    return opinion.fate in {Fate.ON_THE_SPOT, Fate.REFERRAL}
