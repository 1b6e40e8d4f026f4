"""Whether the text that comes with a raised opinion is its own: a sender wrote the reference.

The opinion itself is a fact and is received in any case, without a text when its reference
is not believed. An event is never refused, so no log halts on what a sender made up.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from services.intake import read_model
from shared.contracts.sessions import OpinionRaised
from shared.contracts.vocabulary import TextRefusal
from shared.eventlog import Recorded
from shared.kernel.errors import NotFound
from shared.vault import Vault


def refusals(
    connection: sa.Connection, vault: Vault, heard: Sequence[Recorded]
) -> Mapping[str, TextRefusal]:
    """Return why a raised opinion's text is not believed, by event id; believed ones are absent.

    To be asked under the lock of the province's log, so that no two opinions get one text.
    A text of another province is as unknown as one that never was. An erased text is still
    the opinion's own.
    """
    told: dict[str, str | None] = {}
    refused: dict[str, TextRefusal] = {}
    for each in heard:
        event = each.event
        if not isinstance(event, OpinionRaised):
            continue
        text_id = event.text.text_id
        try:
            stored = vault.find(connection, text_id)
        except NotFound:
            refused[each.event_id] = TextRefusal.UNKNOWN
            continue
        teller = told.get(text_id) or read_model.teller(connection, text_id)
        if (stored.province, stored.ref.owner) != (each.province, event.text.owner):
            refused[each.event_id] = TextRefusal.UNKNOWN
        elif stored.ref != event.text:
            refused[each.event_id] = TextRefusal.DIFFERS
        elif teller not in (None, event.opinion_id):
            refused[each.event_id] = TextRefusal.TAKEN
        else:
            told[text_id] = event.opinion_id
    return refused
