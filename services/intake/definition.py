"""What Intake is, before it is opened."""

from collections.abc import Sequence

import sqlalchemy as sa

from services.intake import opinion_rows, topic_read_model
from services.intake.tables import FOLLOW, LOG, METADATA, REFERENCES, REQUESTS, VAULT
from shared.eventlog import Recorded
from shared.runtime import Definition


def _apply(connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
    opinion_rows.apply(connection, recorded)
    topic_read_model.apply(connection, recorded)


DEFINITION = Definition(
    name="intake",
    metadata=METADATA,
    log=LOG,
    vault=VAULT,
    follow=FOLLOW,
    requests=REQUESTS,
    references=REFERENCES,
    read_model=_apply,
    follows=("sessions", "assignment"),
)
