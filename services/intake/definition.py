"""What Intake is, before it is opened."""

from services.intake import read_model
from services.intake.tables import FOLLOW, LOG, METADATA, REFERENCES, REQUESTS, VAULT
from shared.runtime import Definition

DEFINITION = Definition(
    name="intake",
    metadata=METADATA,
    log=LOG,
    vault=VAULT,
    follow=FOLLOW,
    requests=REQUESTS,
    references=REFERENCES,
    read_model=read_model.apply,
    follows=("sessions", "assignment"),
)
