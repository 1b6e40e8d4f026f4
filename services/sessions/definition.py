"""What Sessions is, before it is opened."""

from services.sessions import read_model
from services.sessions.tables import FOLLOW, LOG, METADATA, REFERENCES, REQUESTS, VAULT
from shared.runtime import Definition

DEFINITION = Definition(
    name="sessions",
    metadata=METADATA,
    log=LOG,
    vault=VAULT,
    follow=FOLLOW,
    requests=REQUESTS,
    references=REFERENCES,
    read_model=read_model.apply,
    follows=("intake", "assignment"),
)
