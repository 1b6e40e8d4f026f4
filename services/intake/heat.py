"""How hot a topic is: against its own past, by different organisations, where. Pure.

Reports are counted, not opinions: what one organisation hands in on one day is one report,
so that a thick digest is no heat. Rates are compared with the topic's own, so that a busy
field is no heat either. Whole numbers only.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from shared.contracts.intake import TopicHeat
from shared.regulations import HotTopic

HOT_UNITS_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """An opinion of a topic: who reported it, where, when."""

    unit: str
    organisation: str
    received_on: date


def heat_of(reported: Collection[Reported], unit: str, rule: HotTopic, on: date) -> TopicHeat:
    """Return the heat of all that is `reported`, under the name of `unit`.

    The window ends on the day `on`, inclusive; the baseline ends where it begins. Order and
    repetition of what is reported change nothing.
    """
    window_from = on - timedelta(days=rule.window_days - 1)
    baseline_from = window_from - timedelta(days=rule.baseline_days)
    reports = {
        (each.organisation, each.received_on)
        for each in reported
        if baseline_from <= each.received_on <= on
    }
    recent = {report for report in reports if report[1] >= window_from}
    before = len(reports) - len(recent)
    a_day_each = len(recent) * rule.baseline_days, before * rule.window_days
    return TopicHeat(
        unit=unit,
        reports=len(recent),
        reports_before=before,
        organisations=len({organisation for organisation, _ in recent}),
        ratio_permille=1000 * a_day_each[0] // a_day_each[1] if before else None,
    )


def is_hot(heat: TopicHeat, rule: HotTopic) -> bool:
    """Return whether enough organisations report, and much more than before or first now."""
    is_much_more = heat.ratio_permille is None or heat.ratio_permille >= rule.ratio_permille
    return heat.organisations >= rule.organisations_min and is_much_more


def hot_units(reported: Collection[Reported], rule: HotTopic, on: date) -> tuple[TopicHeat, ...]:
    """Return the units that are hot by themselves, hottest first, at most `HOT_UNITS_MAX`."""
    by_unit: dict[str, list[Reported]] = {}
    for each in reported:
        by_unit.setdefault(each.unit, []).append(each)
    heats = (heat_of(there, unit, rule, on) for unit, there in by_unit.items())
    return tuple(sorted((heat for heat in heats if is_hot(heat, rule)), key=rank))[:HOT_UNITS_MAX]


def rank(heat: TopicHeat) -> tuple[int, bool, int, int, str]:
    """Return what sorts the hottest first: organisations, ratio, reports; new is hottest."""
    is_new, ratio = heat.ratio_permille is None, heat.ratio_permille or 0
    return (-heat.organisations, not is_new, -ratio, -heat.reports, heat.unit)
