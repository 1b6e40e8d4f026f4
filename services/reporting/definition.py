"""What Reporting is, before it is opened."""

from services.reporting import publishing
from services.reporting.tables import FOLLOW, LOG, METADATA, REQUESTS, VAULT
from shared.runtime import Definition

DEFINITION = Definition(
    name="reporting",
    metadata=METADATA,
    log=LOG,
    vault=VAULT,
    follow=FOLLOW,
    requests=REQUESTS,
    read_model=publishing.apply,
    follows=("intake", "sessions", "assignment"),
)
