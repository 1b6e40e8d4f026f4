"""Moods are counted as reports, by what they say, and never beside opinions."""

from datetime import date

from services.reporting.statistics import statistics
from shared.contracts.intake import SentimentReported
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Breadth, Intensity, Level, Stance, Visibility
from tests.services.reporting.history import sums

TEXT = TextRef(text_id="t-1", owner="intake", commitment="0" * 64, visibility=Visibility.RESTRICTED)
REPORTED_ON = date(2021, 3, 2)


def mood(report_id: str, breadth: Breadth) -> SentimentReported:
    return SentimentReported(
        report_id=report_id,
        unit="ba-dinh",
        level=Level.DISTRICT,
        field="environment",
        organisation="mttq-ba-dinh",
        period_from=date(2021, 2, 1),
        period_to=date(2021, 2, 28),
        stance=Stance.CONCERN,
        intensity=Intensity.MILD,
        breadth=breadth,
        reported_on=REPORTED_ON,
        text=TEXT,
    )


def test_a_report_counts_once_on_its_day_whatever_breadth_it_states() -> None:
    told = (mood("1", Breadth.OVERWHELMING), mood("2", Breadth.SOME), mood("3", Breadth.SOME))
    assert sums(*told, statistic="sentiment") == {
        (REPORTED_ON, "overwhelming", "sentiment_reports"): 1,
        (REPORTED_ON, "some", "sentiment_reports"): 2,
    }


def test_no_other_statistic_sees_a_mood_and_this_one_sees_nothing_else() -> None:
    for name, statistic in statistics().items():
        assert ("SentimentReported" in statistic.types) is (name == "sentiment")
    assert statistics()["sentiment"].types == ("SentimentReported",)
    assert not set(statistics()["sentiment"].measures) & {
        measure
        for name, statistic in statistics().items()
        if name != "sentiment"
        for measure in statistic.measures
    }
