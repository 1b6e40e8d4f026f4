"""What Assignment is, before it is opened."""

from services.assignment import read_model
from services.assignment.tables import FOLLOW, LOG, METADATA, REFERENCES, REQUESTS, VAULT
from shared.runtime import Definition

DEFINITION = Definition(
    name="assignment",
    metadata=METADATA,
    log=LOG,
    vault=VAULT,
    follow=FOLLOW,
    requests=REQUESTS,
    references=REFERENCES,
    read_model=read_model.apply,
    follows=("intake", "sessions"),
)
