"""A digest workbook becomes opinions: every good row once, every bad row named."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from services.intake.commands import Command, NoteDigest, ReceiveOpinion
from services.intake.decider import OPINION
from services.intake.imports import ImportReport, each_or_alone, row_fault
from services.intake.opinions import RULES_OF_A_RECEPTION, level_of
from services.intake.receipt import receipt_number
from services.intake.records import DIGEST
from services.intake.workbook.cells import Fault
from services.intake.workbook.digest_columns import (
    FIELD,
    OPINION_KIND,
    ORGANISATION,
    RECEIVED_ON,
    SESSION,
    UNIT,
)
from services.intake.workbook.digest_sheet import Digest, DigestRow
from services.intake.workbook.reader import read_digest_file
from shared.contracts.intake import OpinionDimensions
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import OpinionKind, ReferenceKind, Visibility
from shared.eventlog import Task, execute
from shared.kernel.clock import civil_date
from shared.kernel.errors import AppError, Conflict, Refused
from shared.kernel.ids import derived_id, new_id
from shared.provinces import Organisation, Province
from shared.runtime import Runtime
from shared.store import Transaction
from shared.vault import NewText

CHUNK_ROWS = 128
"""Rows of one transaction; others write between two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Resolved:
    """A row whose places, field and organisation the province knows."""

    row: DigestRow = field(repr=False)
    dimensions: OpinionDimensions


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestImport:
    """One digest on its way into the log of its province."""

    runtime: Runtime
    province: Province
    actor: str
    at: datetime

    def run(self, data: bytes) -> ImportReport:
        """Return what became of the digest in the uploaded file.

        Rows that were recorded before are repeated and change nothing, so an import that
        was cut off is simply done again.

        Raises:
            BadInput, TooLarge: with a `workbook.*` code, where the file can't be read;
                `workbook.unknown_organisation`, with its place.

        """
        today = civil_date(self.at)
        digest = read_digest_file(data, today)
        organisation = self._organisation(digest)
        digest_id = derived_id("digest", self.province.slug, organisation.key, digest.number)
        faults = list(digest.faults)
        resolved: list[_Resolved] = []
        for number, row in enumerate(digest.rows):
            if number % CHUNK_ROWS == 0:
                time.sleep(0)  # as between the transactions: looking up takes its time too
            try:
                resolved.append(self._resolve(row, organisation.key, digest.number))
            except Refused as error:
                faults.append(_fault(digest, row, error))
        warnings = tuple(
            _not_scheduled(digest, each.row) for each in resolved if each.row.session_id is not None
        )
        recorder = _Recorder(self, digest_id, today)
        received = repeated = 0
        for chunk, outcome in each_or_alone(resolved, CHUNK_ROWS, recorder.record):
            if isinstance(outcome, AppError):
                faults.append(_fault(digest, chunk[0].row, outcome))
            else:
                received += outcome
                repeated += len(chunk) - outcome
        report = ImportReport(
            sheet=digest.sheet,
            file_sha256=digest.file_sha256,
            rows=received + repeated + len({fault.row for fault in faults}),
            rows_received=received,
            rows_repeated=repeated,
            faults=tuple(sorted(faults, key=lambda fault: fault.row)),
            warnings=warnings,
        )
        self._note(digest, digest_id, organisation.key, report)
        return report

    def _organisation(self, digest: Digest) -> Organisation:
        try:
            return self.province.organisation_named(digest.organisation, digest.reported_on)
        except Refused:
            raise Fault(
                sheet=digest.sheet,
                row=digest.organisation_row,
                column=digest.organisation_column,
                heading=ORGANISATION,
                code="workbook.unknown_organisation",
                facts={"on": digest.reported_on},
            ).as_error() from None

    def _resolve(self, row: DigestRow, organisation: str, number: str) -> _Resolved:
        if row.opinion_kind is OpinionKind.DENUNCIATION:
            raise Refused("opinion.denunciation_not_stored")
        unit = self.province.unit_named(row.unit, row.received_on)
        return _Resolved(
            row=row,
            dimensions=OpinionDimensions(
                opinion_id=opinion_id_of(self.province.slug, organisation, number, row.key),
                unit=unit.key,
                level=unit.level,
                field=self.province.field_named(row.field, row.received_on).key,
                opinion_kind=row.opinion_kind,
                channel=row.channel,
                organisation=organisation,
                voices=row.voices,
                received_on=row.received_on,
            ),
        )

    def _note(
        self, digest: Digest, digest_id: str, organisation: str, report: ImportReport
    ) -> None:
        note = NoteDigest(
            digest_id=digest_id,
            organisation=organisation,
            number=digest.number,
            file_sha256=digest.file_sha256,
            rows=report.rows,
            rows_received=report.rows_received,
            rows_repeated=report.rows_repeated,
            rows_rejected=report.rows_rejected,
        )
        task = Task(
            stream=f"digest-{digest_id}",
            command=note,
            command_id=new_id(self.at),
            actor=self.actor,
            at=self.at,
            references=self.province.references(ReferenceKind.PROVINCE),
        )
        with self.runtime.store.write() as tx:
            execute(self.runtime.ledger.log(self.province.slug), tx, DIGEST, [task])


class _Recorder:
    """Records chunks of one digest's rows, each chunk in a transaction of its own."""

    def __init__(self, of: DigestImport, digest_id: str, today: date) -> None:
        self._of = of
        self._digest_id = digest_id
        self._today = today
        self._log = of.runtime.ledger.log(of.province.slug)
        self._backdating_max_days = of.province.regulation.rule(
            "backdating_max_days", today
        ).as_count()
        self._references = of.province.references(*RULES_OF_A_RECEPTION)

    def record(self, chunk: Sequence[_Resolved]) -> int:
        """Record `chunk`; return how many of its rows were new.

        Raises:
            Refused: as the decider; `opinion.reported_differently` for another text too.

        """
        try:
            with self._of.runtime.store.write() as tx:
                outcomes = execute(self._log, tx, OPINION, list(self._tasks(tx, chunk)))
        except Conflict as error:
            if error.code != "vault.text_differs":
                raise
            # Whichever row it was: a chunk that is refused is done again row by row.
            opinion_id = chunk[0].dimensions.opinion_id
            raise Refused("opinion.reported_differently", opinion=opinion_id) from None
        return sum(bool(outcome.appended) for outcome in outcomes)

    def _tasks(self, tx: Transaction, chunk: Sequence[_Resolved]) -> Iterator[Task[Command]]:
        texts = [
            NewText(
                text_id=derived_id("narrative", each.dimensions.opinion_id),
                text=each.row.text,
                province=self._of.province.slug,
                visibility=Visibility.RESTRICTED,
            )
            for each in chunk
        ]
        refs = self._of.runtime.vault.put_many(tx.connection, texts)
        for each, ref in zip(chunk, refs, strict=True):
            yield Task(
                stream=f"opinion-{each.dimensions.opinion_id}",
                command=self._command(each, ref),
                command_id=new_id(self._of.at),
                actor=self._of.actor,
                at=self._of.at,
                references=self._references,
            )

    def _command(self, each: _Resolved, ref: TextRef) -> ReceiveOpinion:
        return ReceiveOpinion(
            dimensions=each.dimensions,
            receipt=receipt_number(each.dimensions.opinion_id),
            text=ref,
            entered_by=self._of.actor,
            today=self._today,
            backdating_max_days=self._backdating_max_days,
            digest_id=self._digest_id,
            row=each.row.row,
            received_level=level_of(
                self._of.province, each.dimensions.organisation, each.dimensions.received_on
            ),
        )


def opinion_id_of(province: str, organisation: str, number: str, key: str) -> str:
    """Return the id of the opinion in row `key` of a digest, the same at every import."""
    return derived_id("opinion", province, organisation, number, key)


def _not_scheduled(digest: Digest, row: DigestRow) -> Fault:
    """Return that `row` names a session: screening comes first, so it is on no agenda yet."""
    return Fault(
        sheet=digest.sheet,
        row=row.row,
        column=digest.columns.get(SESSION),
        heading=SESSION,
        code="workbook.session_not_scheduled",
    )


def _fault(digest: Digest, row: DigestRow, error: AppError) -> Fault:
    """Return `error` as the fault of the cell that it speaks of, else of the whole row."""
    headings = {
        "province.unknown_unit": UNIT,
        "province.ambiguous_unit": UNIT,
        "province.unknown_field": FIELD,
        "opinion.denunciation_not_stored": OPINION_KIND,
        "opinion.received_in_future": RECEIVED_ON,
        "opinion.received_too_long_ago": RECEIVED_ON,
    }
    return row_fault(digest.sheet, row.row, error, headings.get(error.code), digest.columns)
