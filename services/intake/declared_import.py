"""A sheet of declared results becomes declarations, one for each row, each once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from services.intake.imports import ImportReport, each_or_alone, row_fault
from services.intake.records import DECLARATION
from services.intake.workbook.declared_sheet import DeclaredRow
from services.intake.workbook.reader import read_declared_file
from shared.contracts.intake import SessionResultsDeclared
from shared.contracts.vocabulary import ReferenceKind
from shared.eventlog import Task, execute
from shared.kernel.clock import civil_date
from shared.kernel.errors import AppError, Refused
from shared.kernel.ids import derived_id, new_id
from shared.provinces import Province
from shared.runtime import Runtime
from shared.territory import OfficialCode, Scheme, Unit
from shared.territory.names import folded

CHUNK_ROWS = 128
_HEADINGS = {
    "province.unknown_code": "unit_code",
    "province.unknown_field": "scope",
    "declaration.other_unit_name": "unit_name",
    "declaration.unit_not_there": "unit_code",
}
"""The column that a refusal speaks of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredImport:
    """One sheet of figures from paper on its way into the log of its province."""

    runtime: Runtime
    province: Province
    actor: str
    at: datetime

    def run(self, data: bytes) -> ImportReport:
        """Return what became of the declared rows in the uploaded file.

        Raises:
            BadInput, TooLarge: with a `workbook.*` code, where the file can't be read.

        """
        sheet = read_declared_file(data, civil_date(self.at))
        faults = list(sheet.faults)
        received = repeated = 0
        for chunk, outcome in each_or_alone(sheet.rows, CHUNK_ROWS, self._record):
            if isinstance(outcome, AppError):
                heading = _HEADINGS.get(outcome.code)
                faults.append(row_fault(sheet.sheet, chunk[0].row, outcome, heading, sheet.columns))
            else:
                received += outcome
                repeated += len(chunk) - outcome
        return ImportReport(
            sheet=sheet.sheet,
            file_sha256=sheet.file_sha256,
            rows=received + repeated + len({fault.row for fault in faults}),
            rows_received=received,
            rows_repeated=repeated,
            faults=tuple(sorted(faults, key=lambda fault: fault.row)),
        )

    def _record(self, chunk: Sequence[DeclaredRow]) -> int:
        tasks = [self._task(row) for row in chunk]
        with self.runtime.store.write() as tx:
            log = self.runtime.ledger.log(self.province.slug)
            outcomes = execute(log, tx, DECLARATION, tasks)
        return sum(bool(outcome.appended) for outcome in outcomes)

    def _task(self, row: DeclaredRow) -> Task[SessionResultsDeclared]:
        """Return the declaration of `row`.

        Raises:
            Refused: `province.unknown_code`, `province.unknown_field`,
                `declaration.other_unit_name`: what is typed there would stay in the log;
                `declaration.unit_not_there` on the first or last day of its period.

        """
        if row.territory_scheme not in tuple(Scheme):
            raise Refused(
                "province.unknown_code", scheme=row.territory_scheme, level=row.unit_level
            )
        code = OfficialCode(Scheme(row.territory_scheme), row.unit_level, row.unit_code)
        unit = self.province.unit_by_code(code)
        units = self.province.territory.by_code(code)
        if folded(row.unit_name) != folded(unit.name):
            raise Refused("declaration.other_unit_name", name=unit.name)
        for day in (row.period_from, row.period_to):
            if day is not None and not self._was_there(code.scheme, units, day):
                raise Refused("declaration.unit_not_there", name=unit.name, on=day)
        scope, _, sector = row.scope.partition(":")
        rules = [ReferenceKind.PROVINCE]
        if scope == "sector":
            rules.append(ReferenceKind.FIELDS)
            self.province.field(sector, row.period_to or civil_date(self.at))
        declaration_id = derived_id("declaration", self.province.slug, *row.natural_key)
        values = asdict(row)
        del values["row"]
        return Task(
            stream=f"declaration-{declaration_id}",
            command=SessionResultsDeclared(declaration_id=declaration_id, **values),
            command_id=new_id(self.at),
            actor=self.actor,
            at=self.at,
            references=self.province.references(*rules),
        )

    def _was_there(self, scheme: Scheme, units: Sequence[Unit], day: date) -> bool:
        """Tell whether the unit can have been there; before its first day the file is silent."""
        is_silent = day < self.province.valid_from
        return scheme.period.includes(day) and (
            is_silent or any(unit.includes(day) for unit in units)
        )
