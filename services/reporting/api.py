"""Reporting over HTTP: reports, the events behind them, publication, replay, journal."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, cast

from flask import Flask, Response, current_app, jsonify, request
from flask.views import MethodView
from flask_smorest import Blueprint

from services.reporting import answer_schemas as answers
from services.reporting import computing, journal, mirror_api, publishing
from services.reporting.csv_form import as_csv
from services.reporting.declared import page_of_declared
from services.reporting.names import Names
from services.reporting.pages import TEMPLATES
from services.reporting.pages.report import blueprint as pages
from services.reporting.places import Place, after_place
from services.reporting.questions import Question, question
from services.reporting.recount import recount
from services.reporting.schemas import (
    DeclaredQuery,
    Provinces,
    Publication,
    PublishedQuery,
    RecountBody,
    ReportQuery,
    TraceQuery,
)
from services.reporting.shown import declared_row, recounted
from services.reporting.statistics import Statistic, statistic_called, statistics
from services.reporting.text_table import as_table
from services.reporting.tracing import trace
from shared import wire
from shared.access import Action, Caller
from shared.pages import add_pages
from shared.runtime import Runtime
from shared.texts import Catalogue
from shared.web.app import make_app
from shared.web.callers import allowed, allowed_somewhere, caller
from shared.web.current import runtime
from shared.web.perform import Step, perform

blueprint = Blueprint("reports", __name__, description="Báo cáo, thống kê")

NOT_CELLS = frozenset({"province", "from", "to", "measure", "after", "limit"})
"""Parameters of a trace that are no cell of the statistic."""


def create_app(opened: Runtime) -> Flask:
    """Return Reporting's app."""
    app = make_app(opened, blueprint, mirror_api.blueprint, title="Báo cáo")
    add_pages(app, TEMPLATES)
    app.register_blueprint(pages)
    return app


@blueprint.route("/reports")
class StatisticList(MethodView):
    """What can be reported."""

    @blueprint.response(200, answers.StatisticsSchema)
    def get(self) -> Response:
        """List the statistics: what they count, and what figures are broken down by."""
        allowed(Action.READ_REPORTS, province=_own_province())
        return jsonify({"statistics": [_statistic(each) for each in statistics().values()]})


@blueprint.route("/reports/<statistic>")
class OneReport(MethodView):
    """A report."""

    @blueprint.arguments(ReportQuery, location="query")
    @blueprint.response(200, answers.ReportSchema)
    def get(self, query: dict[str, Any], statistic: str) -> Response:
        """Compute a report over everything known, as JSON, CSV or a text table."""
        asked = _asked(statistic, query, query["by"])
        aside = runtime().aside
        report = computing.newest(runtime(), asked)
        match query["format"]:
            case "csv":
                text = aside(partial(as_csv, report.document, bom=query["bom"]))
                response = Response(text, content_type="text/csv; charset=utf-8; header=present")
                name = f"{asked.statistic.name}-{asked.period_from}-{asked.period_to}.csv"
                response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
            case "table":
                shares = asked.statistic.shares
                text = aside(partial(as_table, report.document, _names(), shares))
                response = Response(text, content_type="text/plain; charset=utf-8")
            case _:
                response = Response(report.content, content_type="application/json")
        response.headers["X-Report-SHA256"] = report.sha256
        return response


@blueprint.route("/reports/<statistic>/events")
class Trace(MethodView):
    """The events behind a figure."""

    @blueprint.arguments(TraceQuery, location="query")
    @blueprint.response(200, answers.TraceSchema)
    def get(self, query: dict[str, Any], statistic: str) -> Response:
        """List the events that a figure is the sum of, with what each adds."""
        asked = _asked(statistic, query, [])
        events = trace(
            runtime(),
            asked,
            measure=query["measure"],
            where={k: v or None for k, v in request.args.items() if k not in NOT_CELLS},
            after=after_place(query["after"]),
            limit=query["limit"],
        )
        return jsonify({"events": events, "next": _next(events, query["limit"])})


@blueprint.route("/reports/<statistic>/publish")
class Publishing(MethodView):
    """Making a report public."""

    @blueprint.arguments(Publication)
    @blueprint.response(201, answers.PublishedFactSchema)
    def post(self, body: dict[str, Any], statistic: str) -> Response:
        """Compute a report and record its digest in the province's log."""
        province = body["province"]
        known = allowed(Action.PUBLISH_REPORT, province=province)
        opened = runtime()
        opened.province(province)
        asked = question(
            statistic_called(statistic),
            provinces=[province],
            period_from=body["period_from"],
            period_to=body["period_to"],
            by=body["by"],
        )
        report = computing.newest(opened, asked)
        fact = publishing.announcement(asked, report)
        references = publishing.references(opened, asked, report)

        def work(step: Step) -> tuple[int, dict[str, Any]]:
            publishing.record(opened, province, fact, step, references)
            return 201, wire.encode_value(fact)

        return perform(opened, known, work)


@blueprint.route("/reports/declared")
class DeclaredList(MethodView):
    """Figures from paper."""

    @blueprint.arguments(DeclaredQuery, location="query")
    @blueprint.response(200, answers.DeclaredRowsSchema)
    def get(self, query: dict[str, Any]) -> Response:
        """List declared rows, of whatever period, with their sources, page by page."""
        asked, limit = _provinces(query["province"]), query["limit"]
        found = page_of_declared(runtime(), asked, after_place(query["after"]), limit)
        rows = [declared_row(row) for row in found]
        return jsonify({"declared": rows, "next": _next(rows, limit)})


@blueprint.route("/published")
class PublishedList(MethodView):
    """Published reports."""

    @blueprint.arguments(PublishedQuery, location="query")
    @blueprint.response(200, answers.PublishedReportsSchema)
    def get(self, query: dict[str, Any]) -> Response:
        """List a province's published reports in the order of their ids."""
        allowed(Action.READ_REPORTS, province=query["province"])
        with runtime().store.read() as connection:
            rows = publishing.page(connection, query["province"], query["after"], query["limit"])
        return jsonify({"published": rows})


@blueprint.route("/published/<uuid:report_id>")
class OnePublished(MethodView):
    """One published report."""

    @blueprint.response(200, answers.ReportSchema)
    def get(self, report_id: Any) -> Response:
        """Compute a published report again from the entries it names; the bytes are the same."""
        opened = runtime()
        scope = allowed_somewhere(Action.READ_REPORTS).province
        with opened.store.read() as connection:
            row = publishing.one(connection, str(report_id), province=scope)
        report = publishing.recompute(opened, row)
        response = Response(report.content, content_type="application/json")
        response.headers["X-Report-SHA256"] = report.sha256
        return response


@blueprint.route("/recounts")
class Recounts(MethodView):
    """Proving the figures."""

    @blueprint.arguments(RecountBody)
    @blueprint.response(200, answers.RecountSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Replay the journal from the first entry and compare it with the live figures."""
        provinces = _provinces(body["province"])
        named = [statistic_called(name) for name in body["statistic"]]
        opened = runtime()
        found = recount(opened.store, named or statistics().values(), provinces, opened.aside)
        return jsonify(recounted(found))


@blueprint.route("/journal")
class Journal(MethodView):
    """The copy of all logs."""

    @blueprint.arguments(Provinces, location="query")
    @blueprint.response(200, answers.JournalSchema)
    def get(self, query: dict[str, Any]) -> Response:
        """List how much of each log is here."""
        logs = journal.logs(runtime().store, _provinces(query["province"]))
        return jsonify(
            {
                "logs": [
                    {"origin": log.origin, "size": log.size, "last_time": log.last_time or None}
                    for log in logs
                ]
            }
        )


def _asked(statistic: str, query: Mapping[str, Any], by: Sequence[str]) -> Question:
    return question(
        statistic_called(statistic),
        provinces=_provinces(query["province"]),
        period_from=query["period_from"],
        period_to=query["period_to"],
        by=by,
    )


def _provinces(named: Sequence[str]) -> list[str]:
    """Return the provinces asked for, for a caller who may read them all.

    Where none is named, a caller's own, or all of them for one whose scope is not limited.
    """
    opened = runtime()
    if not named:
        own = allowed_somewhere(Action.READ_REPORTS).province
        return sorted(opened.provinces) if own is None else [opened.province(own).slug]
    for slug in named:
        allowed(Action.READ_REPORTS, province=slug)
        opened.province(slug)
    return sorted(set(named))


def _next(rows: Sequence[Mapping[str, Any]], limit: int) -> str | None:
    """Return what the page after these goes on from; None when it is the last."""
    last = rows[-1] if len(rows) == limit else None
    return str(Place(origin=last["origin"], position=last["position"])) if last else None


def _own_province() -> str | None:
    known: Caller = caller()
    return known.province


def _names() -> Names:
    catalogue = cast(Catalogue, current_app.extensions["catalogue"])
    return Names(catalogue, runtime().provinces)


def _statistic(statistic: Statistic) -> dict[str, Any]:
    names = _names()
    return {
        "name": statistic.name,
        "title": names.statistic(statistic.name),
        "revision": statistic.revision,
        "sha256": statistic.sha256,
        "cells": list(statistic.cells),
        "measures": {name: names.heading(name) for name in statistic.measures},
        "declared": list(statistic.declared),
        "shares": {name: list(pair) for name, pair in statistic.shares.items()},
    }
