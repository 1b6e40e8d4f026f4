"""Destroying an opinion's texts, and whatever was made from them."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from services.intake import likeness_index, read_model
from services.intake.asking import Asked
from shared.kernel.errors import NotFound

Purge = Callable[[sa.Connection, str, Sequence[str]], None]
"""Forgets what was derived from the texts of one opinion: given its id and theirs."""


def _forget_likeness(connection: sa.Connection, _opinion_id: str, text_ids: Sequence[str]) -> None:
    for text_id in text_ids:
        likeness_index.forget(connection, text_id)


PURGES: tuple[Purge, ...] = (_forget_likeness,)
"""Every index that is made from texts names its purge here."""


def destroy(asked: Asked) -> int:
    """Destroy the keys of every text of the opinion; return how many texts it had."""
    connection = asked.step.connection
    text_ids = read_model.texts_of(connection, asked.opinion_id)
    for text_id in text_ids:
        try:
            asked.opened.vault.erase(connection, text_id, asked.step.at)
        except NotFound:
            continue  # a reference that came from elsewhere, to a text that never was here
    for purge in PURGES:
        purge(connection, asked.opinion_id, text_ids)
    return len(text_ids)
