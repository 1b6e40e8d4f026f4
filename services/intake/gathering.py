"""Carrying out what people ask of topics, and recording what they report of moods."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from services.intake import sentiments, topic_read_model
from services.intake.heat import Reported
from services.intake.sentiments import SENTIMENT
from services.intake.tables import opinion
from services.intake.topics import (
    TOPIC,
    ConfirmTopic,
    DismissTopic,
    JoinTopic,
    ProposeTopic,
    TopicCommand,
    stream_of,
)
from shared.contracts.intake import SentimentReported, TopicDimensions
from shared.contracts.vocabulary import ReferenceKind, TopicDismissal, Visibility
from shared.eventlog import Outcome, Task, execute
from shared.kernel.clock import civil_date
from shared.kernel.errors import NotFound, Refused
from shared.kernel.ids import derived_id
from shared.provinces import Province
from shared.runtime import Runtime
from shared.web.perform import Body, Step

RULES_OF_A_PLACE = (ReferenceKind.PROVINCE, ReferenceKind.FIELDS)
"""What says where a topic or a report is from, and what about."""
RULES_OF_HEAT = (ReferenceKind.PROVINCE, ReferenceKind.REGULATION)


def propose(opened: Runtime, province: Province, body: dict[str, Any], step: Step) -> Body:
    """Name a topic, of which the opinions of `body` are the first; return its id and version.

    Raises:
        Refused: as the decider; `topic.opinion_declined`.
        NotFound: `opinion.unknown`.

    """
    today = civil_date(step.at)
    unit = province.unit(body["unit"], today)
    topic_id = derived_id("topic", step.command_id)
    command = ProposeTopic(
        dimensions=TopicDimensions(
            topic_id=topic_id,
            unit=unit.key,
            level=unit.level,
            field=province.field(body["field"], today).key,
        ),
        name=opened.vault.put(
            step.connection,
            text_id=derived_id("narrative", topic_id),
            text=body["name"],
            province=province.slug,
            visibility=Visibility.PUBLIC,
        ),
        proposed_on=today,
    )
    joins = _joins(step, province.slug, [str(each) for each in body["opinion_ids"]])
    rules = province.references(*RULES_OF_A_PLACE)
    tasks: list[Task[TopicCommand]] = [_task(step, topic_id, command, references=rules)]
    tasks += [_task(step, topic_id, each, each.opinion_id) for each in joins]
    return _done(topic_id, _executed(opened, province.slug, tasks, step))


def join(opened: Runtime, row: sa.RowMapping, opinion_ids: Sequence[str], step: Step) -> Body:
    """Say that opinions are about a topic; return its id and version.

    Raises:
        Refused: as the decider; `topic.opinion_declined`.
        NotFound: `opinion.unknown`, also for one of another province.

    """
    joins = _joins(step, row["province"], opinion_ids)
    tasks = [_task(step, row["topic_id"], each, each.opinion_id) for each in joins]
    return _done(row["topic_id"], _executed(opened, row["province"], tasks, step))


def confirm(
    opened: Runtime,
    row: sa.RowMapping,
    step: Step,
    *,
    is_hot: bool | None,
    expected_version: int | None,
) -> Body:
    """Confirm a topic by the rule of today; return its id and version."""
    province, today = opened.province(row["province"]), civil_date(step.at)
    rule = province.regulation.rule("hot_topic", today)
    command = ConfirmTopic(
        confirmed_on=today, rule=rule.as_hot_topic(), citation=rule.citation, is_hot=is_hot
    )
    references = province.references(*RULES_OF_HEAT)
    task = _task(
        step,
        row["topic_id"],
        command,
        expected_version=expected_version,
        references=references,
    )
    return _done(row["topic_id"], _executed(opened, province.slug, [task], step))


def dismiss(
    opened: Runtime,
    row: sa.RowMapping,
    step: Step,
    *,
    reason: TopicDismissal,
    expected_version: int | None,
) -> Body:
    """Dismiss a topic; return its id and version."""
    command = DismissTopic(dismissed_on=civil_date(step.at), reason=reason)
    task = _task(step, row["topic_id"], command, expected_version=expected_version)
    return _done(row["topic_id"], _executed(opened, row["province"], [task], step))


def report(opened: Runtime, province: Province, body: dict[str, Any], step: Step) -> Body:
    """Record a report of public sentiment; return its id and version.

    Raises:
        Refused: as the decider; `topic.dismissed` for a topic that is none any more.
        NotFound: `topic.unknown`.

    """
    today = civil_date(step.at)
    unit = province.unit(body["unit"], today)
    topic_id = None if body["topic_id"] is None else str(body["topic_id"])
    if topic_id is not None:
        row = topic_read_model.one(step.connection, topic_id, province=province.slug)
        if row["state"] == "dismissed":
            raise Refused("topic.dismissed")
    report_id = derived_id("sentiment", step.command_id)
    reported = SentimentReported(
        report_id=report_id,
        unit=unit.key,
        level=unit.level,
        field=province.field(body["field"], today).key,
        organisation=province.organisation(body["organisation"], today).key,
        period_from=body["period_from"],
        period_to=body["period_to"],
        stance=body["stance"],
        intensity=body["intensity"],
        breadth=body["breadth"],
        reported_on=today,
        text=opened.vault.put(
            step.connection,
            text_id=derived_id("narrative", report_id),
            text=body["text"],
            province=province.slug,
            visibility=Visibility.RESTRICTED,
        ),
        topic_id=topic_id,
    )
    task = Task(
        stream=sentiments.stream_of(report_id),
        command=reported,
        command_id=derived_id(step.command_id, report_id),
        actor=step.actor,
        at=step.at,
        references=province.references(*RULES_OF_A_PLACE),
    )
    (outcome,) = execute(opened.ledger.log(province.slug), step.tx, SENTIMENT, [task])
    return {"report_id": report_id, "version": outcome.version}


def _joins(step: Step, province: str, opinion_ids: Sequence[str]) -> list[JoinTopic]:
    """Return the commands by which opinions of `province` join, in the order given."""
    wanted = list(dict.fromkeys(opinion_ids))
    rows = step.connection.execute(
        sa.select(opinion).where(opinion.c.opinion_id.in_(wanted), opinion.c.province == province)
    )
    known = {row["opinion_id"]: row for row in rows.mappings()}
    if len(known) < len(wanted):
        raise NotFound("opinion.unknown")
    for opinion_id in wanted:
        if known[opinion_id]["state"] == "declined":
            raise Refused("topic.opinion_declined", opinion=opinion_id)
    return [
        JoinTopic(
            opinion_id=opinion_id,
            reported=Reported(
                unit=known[opinion_id]["unit"],
                organisation=known[opinion_id]["organisation"],
                received_on=known[opinion_id]["received_on"],
            ),
            joined_on=civil_date(step.at),
        )
        for opinion_id in wanted
    ]


def _executed(
    opened: Runtime, province: str, tasks: Sequence[Task[TopicCommand]], step: Step
) -> Outcome:
    return execute(opened.ledger.log(province), step.tx, TOPIC, tasks)[-1]


def _done(topic_id: str, outcome: Outcome) -> Body:
    return {"topic_id": topic_id, "version": outcome.version}


def _task(
    step: Step,
    topic_id: str,
    command: TopicCommand,
    subject: str = "",
    *,
    expected_version: int | None = None,
    references: str = "",
) -> Task[TopicCommand]:
    return Task(
        stream=stream_of(topic_id),
        command=command,
        command_id=derived_id(step.command_id, topic_id, subject),
        actor=step.actor,
        at=step.at,
        expected_version=expected_version,
        references=references,
    )
