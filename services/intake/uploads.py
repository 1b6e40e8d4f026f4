"""Uploading digests and declared results, and the template to fill in."""

from typing import Any

from flask import Response, current_app, jsonify, request
from flask.views import MethodView
from flask_smorest import Blueprint

from services.intake.answer_schemas import ImportSchema
from services.intake.declared_import import DeclaredImport
from services.intake.digest_import import DigestImport
from services.intake.imports import ImportReport
from services.intake.schemas import Upload
from services.intake.workbook.cells import Fault
from services.intake.workbook.template import digest_template
from services.intake.workbook.upload import FILE_LIMIT_BYTES, too_large
from shared.access import Action
from shared.texts import Catalogue
from shared.web.callers import allowed
from shared.web.current import runtime

blueprint = Blueprint("imports", __name__, description="Nhập từ bảng tính")

FAULTS_SHOWN = 5_000
"""Most faults in one answer; mending these shows the next ones."""
_FORM_BYTES = 64 * 1024
"""Room for the form around the file."""
_ACTIONS = {"digest": Action.IMPORT_DIGESTS, "declared": Action.DECLARE_RESULTS}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.before_request
def _allow_files() -> None:
    request.max_content_length = most = FILE_LIMIT_BYTES + _FORM_BYTES
    if (request.content_length or 0) > most:
        raise too_large()


@blueprint.route("/imports")
class Imports(MethodView):
    """Files with many rows."""

    takes_form = True

    @blueprint.arguments(Upload, location="form", content_type="multipart/form-data")
    @blueprint.response(200, ImportSchema)
    def post(self, form: dict[str, Any]) -> Response:
        """Import a file: every good row once, every bad row named with place and reason."""
        known = allowed(_ACTIONS[form["kind"]], province=form["province"])
        opened = runtime()
        make = DigestImport if form["kind"] == "digest" else DeclaredImport
        report = make(
            runtime=opened,
            province=opened.province(form["province"]),
            actor=known.seat,
            at=opened.clock(),
        ).run(form["file"].read(FILE_LIMIT_BYTES + 1))
        return jsonify(_as_json(report, current_app.extensions["catalogue"]))


@blueprint.route("/digests/template.xlsx")
class Template(MethodView):
    """The workbook to fill in."""

    @blueprint.doc(security=[])
    @blueprint.response(200, content_type=_XLSX)
    def get(self) -> Response:
        """Return the digest template, with its columns explained on a second sheet; public."""
        response = Response(digest_template(), content_type=_XLSX)
        response.headers["Content-Disposition"] = "attachment; filename=mau-tong-hop-y-kien.xlsx"
        return response


def _as_json(report: ImportReport, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "sheet": report.sheet,
        "file_sha256": report.file_sha256,
        "rows": report.rows,
        "rows_received": report.rows_received,
        "rows_repeated": report.rows_repeated,
        "rows_rejected": report.rows_rejected,
        "faults": [_fault(fault, catalogue) for fault in report.faults[:FAULTS_SHOWN]],
        "faults_left_out": max(0, len(report.faults) - FAULTS_SHOWN),
        "warnings": [_fault(fault, catalogue) for fault in report.warnings[:FAULTS_SHOWN]],
    }


def _fault(fault: Fault, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "sheet": fault.sheet,
        "row": fault.row,
        "column": fault.column,
        "heading": fault.heading,
        "code": fault.code,
        "texts": catalogue.error(fault.as_error()),
    }
