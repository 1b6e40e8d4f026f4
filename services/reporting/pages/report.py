"""The report: published beside computed, and every figure opens to the events behind it."""

from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, Response, current_app, redirect, request

from services.reporting import computing, publishing
from services.reporting.csv_form import as_csv
from services.reporting.names import Names
from services.reporting.pages.frame import Frame, frame, readable_provinces
from services.reporting.places import Place, after_place
from services.reporting.statistics import statistics
from services.reporting.tracing import trace
from shared import wire
from shared.access import Action, may
from shared.pages import render
from shared.pages.keys import form_key
from shared.texts import Catalogue
from shared.web.callers import allowed, caller
from shared.web.current import runtime
from shared.web.perform import Step, perform

blueprint = Blueprint("reporting_pages", __name__, url_prefix="/pages")

HERE = "report"
ROWS_A_PAGE = 50


@blueprint.get("/report")
def report() -> Response:
    """Show the report within its frame."""
    asked = frame()
    made = computing.newest(runtime(), asked.asked)
    if request.args.get("format") == "csv":
        return _csv(asked, made.document)
    return _page("report", asked, document=made.document, sha256=made.sha256)


@blueprint.get("/report/events")
def events() -> Response:
    """Show the events that one figure is the sum of."""
    asked = frame()
    measure = request.args.get("measure", "")
    cells = asked.asked.statistic.cells
    where = {name: request.args[name] or None for name in cells if name in request.args}
    found = trace(
        runtime(),
        asked.asked,
        measure=measure,
        where=where,
        after=after_place(request.args.get("after", "")),
        limit=ROWS_A_PAGE,
    )
    last = found[-1] if len(found) == ROWS_A_PAGE else None
    place = str(Place(origin=last["origin"], position=last["position"])) if last else None
    more = None
    if place:
        more = asked.address("/events", measure=measure, after=place, **_kept(where))
    return _page("events", asked, events=found, measure=measure, where=where, more=more)


@blueprint.get("/report/publish")
def confirm() -> Response:
    """Ask once more: what is published can't be taken back."""
    asked = frame()
    allowed(Action.PUBLISH_REPORT, province=asked.province)
    made = computing.newest(runtime(), asked.asked)
    return _page("publish", asked, document=made.document, sha256=made.sha256)


@blueprint.post("/report/publish")
def publish() -> Response:
    """Publish, and show what was published."""
    asked = frame()
    known = allowed(Action.PUBLISH_REPORT, province=asked.province)
    opened = runtime()
    made = computing.newest(opened, asked.asked)
    fact = publishing.announcement(asked.asked, made)
    references = publishing.references(opened, asked.asked, made)

    def work(step: Step) -> tuple[int, dict[str, Any]]:
        publishing.record(opened, asked.province, fact, step, references)
        return 201, wire.encode_value(fact)

    perform(opened, known, work, key=form_key())
    return cast(Response, redirect("/reporting/pages/published", 303))


@blueprint.get("/published")
def published() -> Response:
    """List the published reports of a province."""
    asked = frame()
    after = request.args.get("after", "")
    with runtime().store.read() as connection:
        rows = publishing.page(connection, asked.province, after, ROWS_A_PAGE)
    return _page("published", asked, here="published", rows=rows)


def _page(template: str, asked: Frame, *, here: str = HERE, **values: Any) -> Response:
    catalogue = cast(Catalogue, current_app.extensions["catalogue"])
    return render(
        f"reporting/{template}.html",
        here=here,
        frame=asked,
        names=Names(catalogue, runtime().provinces),
        provinces=readable_provinces(),
        statistics=statistics(),
        may_publish=may(caller().role, Action.PUBLISH_REPORT),
        **values,
    )


def _csv(asked: Frame, document: Mapping[str, Any]) -> Response:
    response = Response(as_csv(document, bom=True), content_type="text/csv; charset=utf-8")
    name = f"{asked.asked.statistic.name}-{asked.query['from']}-{asked.query['to']}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _kept(where: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value or "" for name, value in where.items()}
