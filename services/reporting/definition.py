"""What Reporting is, before it is opened."""

from services.reporting import publishing
from services.reporting.statistics import statistic_files
from services.reporting.tables import FOLLOW, LOG, METADATA, REFERENCES, REQUESTS, VAULT
from shared.runtime import Definition

DEFINITION = Definition(
    name="reporting",
    metadata=METADATA,
    log=LOG,
    vault=VAULT,
    follow=FOLLOW,
    requests=REQUESTS,
    references=REFERENCES,
    read_model=publishing.apply,
    follows=("intake", "sessions", "assignment"),
    own_files=statistic_files,
)
