"""A report of what people feel (dư luận xã hội): a mood, never added to opinions. Pure."""

from collections.abc import Sequence

from shared.contracts.intake import SentimentReported
from shared.kernel.decider import Decider
from shared.kernel.errors import Refused


def report(
    command: SentimentReported, reported: SentimentReported | None
) -> Sequence[SentimentReported]:
    """Return that it was reported; nothing, if it was before.

    Raises:
        Refused: `sentiment.reported_differently` when an id comes back with other content,
            `sentiment.period_reversed`, `sentiment.period_in_future` by the dates.

    """
    if reported == command:
        return ()
    if reported is not None:
        raise Refused("sentiment.reported_differently", report=command.report_id)
    period_from, period_to = command.period_from, command.period_to
    if period_to < period_from:
        raise Refused("sentiment.period_reversed", period_from=period_from, period_to=period_to)
    if period_to > command.reported_on:
        raise Refused("sentiment.period_in_future", period_to=period_to)
    return (command,)


SENTIMENT: Decider[SentimentReported, SentimentReported | None, SentimentReported] = Decider(
    None, report, lambda _before, event: event
)
"""A report is its own command: it carries what the organisation says, and the day it does."""


def stream_of(report_id: str) -> str:
    """Return the stream of one report."""
    return f"sentiment-{report_id}"
