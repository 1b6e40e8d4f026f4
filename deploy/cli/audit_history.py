"""`doithoai audit history`: everything that happened to one opinion, session or assignment."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from deploy.audit.verdict import Verdict
from deploy.cli.audit_source import archives, conclude, from_journal, province_files
from deploy.cli.output import as_json
from deploy.ending import catalogue
from shared.texts.catalogue import LANGUAGES, Language
from shared.texts.formats import so

if TYPE_CHECKING:
    from deploy.audit.basis import Basis
    from deploy.audit.history import Happened, History
    from deploy.audit.telling import Telling

_SERVICE = "service:"
_DIGEST_SHOWN = 12
"""Characters of a file's SHA-256 that are printed for people."""


@click.command()
@click.argument("subject")
@from_journal
@as_json
def history(subject: str, is_journal: bool, is_json: bool) -> None:  # noqa: FBT001
    """Mọi việc đã xảy ra với một ý kiến, phiên hoặc việc được giao / what happened to it.

    SUBJECT is an id, or the receipt number of an opinion. Links are followed through all
    logs: opinion, session, conclusion, assignment, answer. Each event is told with its
    seat, its cause and the provision that it rests on; no text and no person is shown.

    \b
    Ví dụ / Examples:
      doithoai audit history 7K2M-Q0RX-4TVA
      doithoai audit history 9f0c3c1e-6a43-5b0e-9a5d-2f1d7f6f4f11 --json
    """
    from deploy.audit.history import history as told
    from deploy.audit.subject import find_subject
    from deploy.audit.telling import Telling

    files = province_files()
    with archives([], is_journal=is_journal) as found:
        named = find_subject(found, subject)
        result = told(found, named, files.get(named.origin.split("/")[1]))
    telling = Telling(catalogue(), files)
    if not is_json:
        click.echo("\n".join(_lines(result, telling)))
    document = _document(result, telling)
    conclude(Verdict.PROVEN, document, [], is_json=is_json, told="recomputed")


def _document(result: "History", telling: "Telling") -> dict[str, Any]:
    return {
        "subject": {"kind": result.subject.kind, "id": result.subject.id},
        "events_in_all": result.events_in_all,
        "events": [_event(each, telling) for each in result.events],
    }


def _event(each: "Happened", telling: "Telling") -> dict[str, Any]:
    recorded = each.logged.recorded
    return {
        "recorded_at": recorded.time,
        "occurred_at": recorded.occurred_at,
        "type": each.logged.type,
        "texts": {language: telling.sentence(each.logged, language) for language in LANGUAGES},
        "seat": recorded.actor,
        "origin": recorded.origin,
        "position": recorded.position,
        "event_id": recorded.event_id,
        "stream": recorded.stream,
        "version": recorded.version,
        "causation_id": recorded.causation_id,
        "basis": [basis.as_json() for basis in each.basis],
    }


def _lines(result: "History", telling: "Telling") -> Iterator[str]:
    yield f"{result.subject.kind} {result.subject.id}"
    for each in result.events:
        recorded = each.logged.recorded
        yield f"{_minute(recorded.time)}  {telling.sentence(each.logged)}"
        yield f"    {telling.sentence(each.logged, 'en')}"
        yield f"    {_who(each, 'vi')} · {each.logged.type} {recorded.origin} [{recorded.position}]"
        for basis in each.basis:
            yield f"    {_grounds(basis)}"
    if len(result.events) < result.events_in_all:
        left = result.events_in_all - len(result.events)
        yield f"… và {so(left)} sự kiện nữa / and {so(left)} more events"


def _minute(instant: str) -> str:
    from datetime import datetime

    from shared.kernel.clock import CIVIL_ZONE

    return f"{datetime.fromisoformat(instant).astimezone(CIVIL_ZONE):%d/%m/%Y %H:%M}"


def _who(each: "Happened", language: Language) -> str:
    actor = each.logged.recorded.actor
    if not actor.startswith(_SERVICE):
        return actor
    if each.cause is None:
        return catalogue().text("history.by_timer", language)
    cause = each.cause.recorded
    return catalogue().text(
        "history.by_service", language, origin=cause.origin, position=cause.position
    )


def _grounds(basis: "Basis") -> str:
    text = catalogue().text
    file, _, digest = (basis.version or "").partition("@")
    version = f"{file}@{digest[:_DIGEST_SHOWN]}" if basis.version else None
    place = text("history.of_file", version=version) if version else text("history.without_file")
    manner = text("history.stated" if basis.is_stated else "history.read_now")
    cited = f": {basis.citation}" if basis.citation else ""
    return f"Căn cứ, {text(f'bases.{basis.rule}')}{cited} ({place}; {manner})"
