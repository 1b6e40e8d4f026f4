"""What somebody with the discs of a deployment might do to it, and what must then be said.

`python -m tests.deploy.audit.tampering` does all of it, one after the other, to copies of a
small deployment, and prints a table: what was done, which command says so, and where.
"""

# ruff: noqa: S608 - statements of our own making, against databases of our own

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from services.reporting.statistics import statistics
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer
from shared.eventlog.proof import Tree, leaf_hash, leaf_hashes
from shared.eventlog.signing_keys import SigningKeys
from shared.eventlog.tiles import grow
from tests.deploy.audit.deployed import Deployed, deploy, stories
from tests.deploy.audit.story import DEPLOYMENT

INTAKE, OTHER = f"{DEPLOYMENT}/ha-noi/intake", f"{DEPLOYMENT}/ha-nam/intake"
REPORTING = f"{DEPLOYMENT}/ha-noi/reporting"
FIRST, SECOND, SIZE = 99, 194, 287
"""Of the log of Intake in the large province, whenever it was signed."""
PUBLISHED_AT = 4 + len(statistics())
"""Position of the published report in Reporting's log: before it, the files it has adopted."""
_MINE = "log_no = (SELECT log_no FROM log WHERE origin = :origin)"
_COPY = "origin_no = (SELECT origin_no FROM journal_log WHERE origin = :origin)"
VERIFY, FSCK = "verify", "fsck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampering:
    """One thing that somebody did."""

    name: str
    do: Callable[[Deployed], None]
    by: str = VERIFY
    """The command that must find it."""
    origin: str = INTAKE
    position: int | None = None
    """Where it must be found; None where it has no place in a log."""
    code: str
    keeps_old: bool = False
    """Whether the auditor kept yesterday's checkpoint: nothing else would show it."""


def keys_file(deployed: Deployed) -> Path:
    """Return a file with every log's key, as the auditor was given it before all this."""
    return deployed.folder / "khoa.txt"


def prepared(folder: Path) -> Deployed:
    """Return a deployment with what its auditor has."""
    return with_keys(deploy(folder, stories()))


def with_keys(deployed: Deployed) -> Deployed:
    """Return `deployed` once its auditor was given the keys of its logs."""
    origins = [
        str(keys.relative_to(deployed.settings.log_keys))
        for keys in sorted(deployed.settings.log_keys.glob("*/*/*"))
    ]
    signers = [SigningKeys(deployed.settings.log_keys, origin).signers() for origin in origins]
    lines = [f"{signer.key}\n" for each in signers for signer in each]
    keys_file(deployed).write_text("".join(lines), encoding="ascii")
    note = SigningKeys(deployed.settings.log_keys, INTAKE).last_signed()
    (deployed.folder / "cu.note").write_bytes(note or b"")
    return deployed


def findings(deployed: Deployed, command: str, *, with_old: bool = False) -> dict[str, Any]:
    """Return what the command says as JSON, its exit status as `status`."""
    arguments = [command, "--json"]
    if command == VERIFY:
        arguments += ["--key", str(keys_file(deployed))]
    if with_old:
        arguments += ["--old", str(deployed.folder / "cu.note")]
    ended = deployed.audit(*arguments)
    assert ended.out, ended.err
    return {**json.loads(ended.out), "status": ended.status}


# What is done.


def _sql(service: str, *statements: str, **values: Any) -> Callable[[Deployed], None]:
    given = {"origin": INTAKE, "other": OTHER, **values}

    def do(deployed: Deployed) -> None:
        for statement in statements:
            used = {name: value for name, value in given.items() if f":{name}" in statement}
            deployed.spoil(service, statement, **used)

    return do


def _entries(deployed: Deployed) -> list[bytes]:
    (archive,) = (each for each in deployed.logs() if each.origin == INTAKE)
    return list(archive.entries(0, archive.size()))


def _rewritten(position: int) -> Callable[[Deployed], bytes]:
    """Return an entry that says something else, in perfect form."""

    def of(deployed: Deployed) -> bytes:
        return _entries(deployed)[position].replace(b'"voices":3', b'"voices":4')

    return of


def _rewrite(position: int, *, leaf: bool = True, tiles: int = 0) -> Callable[[Deployed], None]:
    """Rewrite an entry, then also its leaf, then also so many levels of tiles."""

    def do(deployed: Deployed) -> None:
        content = _rewritten(position)(deployed)
        set_leaf = ", leaf = :leaf" if leaf else ""
        deployed.spoil(
            "intake",
            f"UPDATE entry SET entry = :entry{set_leaf} WHERE {_MINE} AND position = :at",
            entry=content,
            origin=INTAKE,
            at=position,
            **({"leaf": leaf_hash(content)} if leaf else {}),
        )
        if tiles:
            _retile(deployed, _entries(deployed), tiles)

    return do


def _retile(deployed: Deployed, entries: Sequence[bytes], levels: int) -> None:
    for tile, content in grow(0, leaf_hashes(entries), lambda _tile: b""):
        if tile.level < levels:
            deployed.spoil(
                "intake",
                f"UPDATE tile SET hashes = :hashes WHERE {_MINE} AND level = :level "
                "AND tile_index = :number",
                hashes=content,
                origin=INTAKE,
                level=tile.level,
                number=tile.index,
            )


def _sign(deployed: Deployed, signer: Signer, size: int, root: bytes) -> None:
    text = Checkpoint(origin=INTAKE, size=size, root=root).text
    note = Note.sign(text, [signer], time_s=0).encode()
    deployed.spoil(
        "intake",
        f"UPDATE checkpoint SET root = :root, note = :note WHERE {_MINE} AND size = :size",
        root=root,
        note=note,
        origin=INTAKE,
        size=size,
    )


def _wrong_key(deployed: Deployed) -> None:
    _rewrite(270, tiles=2)(deployed)
    tree = Tree()
    tree.extend(leaf_hashes(_entries(deployed)))
    signer = Signer.generate(INTAKE, KeyKind.LOG)
    _sign(deployed, signer, SIZE, tree.root())
    deployed.spoil(
        "intake",
        "INSERT INTO log_key (log_no, verifier_key, first_size, last_size) "
        "SELECT log_no, :key, :size, :size FROM log WHERE origin = :origin",
        key=str(signer.key),
        size=SIZE,
        origin=INTAKE,
    )


def _fork(deployed: Deployed) -> None:
    """Rewrite an entry, and sign all checkpoints anew with the log's own key, which was stolen."""
    (signer,) = SigningKeys(deployed.settings.log_keys, INTAKE).signers()
    _rewrite(100, tiles=2)(deployed)
    entries = _entries(deployed)
    for size in (FIRST, SECOND, SIZE):
        tree = Tree()
        tree.extend(leaf_hashes(entries[:size]))
        _sign(deployed, signer, size, tree.root())


def _edit_tile(deployed: Deployed) -> None:
    hashes = leaf_hashes(_entries(deployed)[:256])
    hashes[77] = bytes(32)
    deployed.spoil(
        "intake",
        f"UPDATE tile SET hashes = :hashes WHERE {_MINE} AND level = 0 AND tile_index = 0",
        hashes=b"".join(hashes),
        origin=INTAKE,
    )


def _rewrite_copy(deployed: Deployed) -> None:
    content = _rewritten(100)(deployed)
    deployed.spoil(
        "reporting",
        f"UPDATE journal_entry SET entry = :entry, leaf = :leaf WHERE {_COPY} AND position = 100",
        entry=content,
        leaf=leaf_hash(content),
        origin=INTAKE,
    )


def _change_report(deployed: Deployed, before: bytes, after: bytes) -> None:
    (archive,) = (each for each in deployed.logs() if each.origin == REPORTING)
    (content,) = archive.entries(PUBLISHED_AT, PUBLISHED_AT + 1)
    assert before in content
    changed = content.replace(before, after)
    deployed.spoil(
        "reporting",
        f"UPDATE entry SET entry = :entry, leaf = :leaf WHERE {_MINE} AND position = :at",
        at=PUBLISHED_AT,
        entry=changed,
        leaf=leaf_hash(changed),
        origin=REPORTING,
    )


def _republish(deployed: Deployed) -> None:
    _change_report(deployed, b'"report_sha256":"', b'"report_sha256":"0')


def _publish_nonsense(deployed: Deployed) -> None:
    _change_report(deployed, b'"by":["unit"]', b'"by":["x"]')


def _exchange_file(deployed: Deployed) -> None:
    file = deployed.settings.provinces / "ha-noi.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}# .\n", encoding="utf-8")


_CUT = (
    f"DELETE FROM entry WHERE {_MINE} AND position >= {SECOND}",
    f"DELETE FROM checkpoint WHERE {_MINE} AND size > {SECOND}",
    f"UPDATE log SET next_position = {SECOND} WHERE origin = :origin",
)
_SHIFT = (
    f"UPDATE entry SET position = -position - 1 WHERE {_MINE} AND position >= 100",
    f"UPDATE entry SET position = -position WHERE {_MINE} AND position < 0",
    (
        "INSERT INTO entry SELECT log_no, 100, 'x', 0, 'x', type, time, entry, leaf FROM entry "
        f"WHERE {_MINE} AND position = 99"
    ),
    "UPDATE log SET next_position = next_position + 1 WHERE origin = :origin",
)
_REORDER = (
    f"UPDATE entry SET position = -7 WHERE {_MINE} AND position = 7",
    f"UPDATE entry SET position = 7 WHERE {_MINE} AND position = 8",
    f"UPDATE entry SET position = 8 WHERE {_MINE} AND position = -7",
)
_SWAP = (
    "CREATE TABLE swap AS SELECT * FROM entry WHERE position = 3",
    (
        "UPDATE entry SET entry = (SELECT entry FROM swap WHERE swap.log_no <> entry.log_no "
        "AND swap.log_no IN (SELECT log_no FROM log WHERE origin IN (:origin, :other))), "
        "leaf = (SELECT leaf FROM swap WHERE swap.log_no <> entry.log_no "
        "AND swap.log_no IN (SELECT log_no FROM log WHERE origin IN (:origin, :other))) "
        "WHERE position = 3 "
        "AND log_no IN (SELECT log_no FROM log WHERE origin IN (:origin, :other))"
    ),
)


def _column(column: str, value: str) -> Tampering:
    return Tampering(
        name=f"change the index column {column}",
        do=_sql("intake", f"UPDATE entry SET {column} = {value} WHERE {_MINE} AND position = 5"),
        by=FSCK,
        position=5,
        code="fsck.index_differs",
    )


def _read_model(service: str, table: str, column: str, value: str) -> Tampering:
    first = f"rowid = (SELECT min(rowid) FROM {table})"
    return Tampering(
        name=f"edit the read model: {service}.{table}.{column}",
        do=_sql(service, f'UPDATE "{table}" SET "{column}" = {value} WHERE {first}'),
        by=FSCK,
        origin=f"{DEPLOYMENT}/*/{service}",
        code="fsck.read_model_differs",
    )


def _copy_column(column: str, value: str) -> Tampering:
    return Tampering(
        name=f"change a column of the journal: {column}",
        do=_sql(
            "reporting", f"UPDATE journal_entry SET {column} = {value} WHERE {_COPY} AND position=5"
        ),
        by=FSCK,
        position=5,
        code="fsck.copy_index_differs",
    )


MATRIX: tuple[Tampering, ...] = (
    # Entries
    Tampering(
        name="rewrite an entry",
        do=_rewrite(100, leaf=False),
        position=100,
        code="proof.entry_differs",
    ),
    Tampering(
        name="rewrite an entry and its leaf hash",
        do=_rewrite(100),
        position=100,
        code="proof.entry_differs",
    ),
    Tampering(
        name="rewrite an entry, its leaf hash and its lowest tile",
        do=_rewrite(100, tiles=1),
        position=FIRST,
        code="proof.root_differs",
    ),
    Tampering(
        name="rewrite an entry, its leaf hash and all tiles consistently",
        do=_rewrite(100, tiles=2),
        position=FIRST,
        code="proof.root_differs",
    ),
    Tampering(
        name="rewrite an entry and its tiles consistently, found beside the copy",
        do=_rewrite(100, tiles=2),
        by=FSCK,
        position=100,
        code="fsck.copy_differs",
    ),
    Tampering(
        name="delete an entry",
        do=_sql("intake", f"DELETE FROM entry WHERE {_MINE} AND position = 4"),
        position=4,
        code="proof.hole",
    ),
    Tampering(
        name="delete the last entry",
        do=_sql("intake", f"DELETE FROM entry WHERE {_MINE} AND position = {SIZE - 1}"),
        position=SIZE - 1,
        code="proof.hole",
    ),
    Tampering(
        name="insert an entry in the middle",
        do=_sql("intake", *_SHIFT),
        position=100,
        code="proof.entry_differs",
    ),
    Tampering(
        name="put an entry behind the end",
        do=_sql(
            "intake",
            f"INSERT INTO entry SELECT log_no, {SIZE}, 'x', 0, 'x', type, time, entry, leaf "
            f"FROM entry WHERE {_MINE} AND position = 1",
        ),
        by=FSCK,
        position=SIZE,
        code="fsck.beyond_end",
    ),
    Tampering(
        name="exchange two entries",
        do=_sql("intake", *_REORDER),
        position=7,
        code="proof.entry_differs",
    ),
    Tampering(
        name="exchange entries of two provinces",
        do=_sql("intake", *_SWAP),
        position=3,
        code="proof.foreign_entry",
    ),
    Tampering(
        name="exchange the names of two provinces' logs",
        do=_sql(
            "intake",
            "UPDATE log SET origin = 'x' WHERE origin = :origin",
            "UPDATE log SET origin = :origin WHERE origin = :other",
            "UPDATE log SET origin = :other WHERE origin = 'x'",
        ),
        position=0,
        code="proof.foreign_entry",
    ),
    Tampering(
        name="cut the log, keep its checkpoints",
        do=_sql("intake", _CUT[0], _CUT[2]),
        position=SECOND,
        code="proof.shorter_than_signed",
    ),
    # Index
    _column("stream", "'opinion-x'"),
    _column("version", "version + 100"),
    _column("id", "'x'"),
    _column("type", "'OpinionDeclined'"),
    _column("time", "'2000-01-01T00:00:00.000000Z'"),
    _column("leaf", "zeroblob(32)"),
    Tampering(
        name="change the time of the counter row",
        do=_sql("intake", "UPDATE log SET last_time = '' WHERE origin = :origin"),
        by=FSCK,
        position=SIZE - 1,
        code="fsck.head_differs",
    ),
    # What was signed
    Tampering(
        name="sign a rewritten log with a wrong key",
        do=_wrong_key,
        code="proof.note_unsigned",
    ),
    Tampering(
        name="roll back to yesterday's database",
        do=_sql("intake", *_CUT),
        position=SECOND,
        code="proof.shorter_than_signed",
        keeps_old=True,
    ),
    Tampering(
        name="roll back to yesterday's database, found beside the copy",
        do=_sql("intake", *_CUT),
        by=FSCK,
        position=SECOND,
        code="fsck.copy_is_ahead",
    ),
    Tampering(
        name="fork: sign another history with the log's own key",
        do=_fork,
        code="proof.forked",
        keeps_old=True,
    ),
    Tampering(
        name="fork, found beside the copy",
        do=_fork,
        by=FSCK,
        position=100,
        code="fsck.copy_differs",
    ),
    Tampering(
        name="edit a checkpoint's row",
        do=_sql("intake", f"UPDATE checkpoint SET root = zeroblob(32) WHERE {_MINE}"),
        by=FSCK,
        code="fsck.checkpoint_differs",
    ),
    Tampering(
        name="edit the text of a checkpoint",
        do=_sql(
            "intake",
            f"UPDATE checkpoint SET note = CAST(replace(CAST(note AS TEXT), '{SIZE}', '286') "
            f"AS BLOB) WHERE {_MINE} AND size = {SIZE}",
        ),
        code="proof.signature_wrong",
    ),
    Tampering(
        name="take all checkpoints away",
        do=_sql("intake", f"DELETE FROM checkpoint WHERE {_MINE}"),
        code="proof.no_checkpoint",
    ),
    Tampering(
        name="take a whole log away",
        do=_sql("intake", "UPDATE log SET origin = 'test.local/x/intake' WHERE origin = :origin"),
        code="proof.log_missing",
        keeps_old=True,
    ),
    # Tiles
    Tampering(
        name="edit a tile of leaf hashes",
        do=_edit_tile,
        position=77,
        code="proof.tile_differs",
    ),
    Tampering(
        name="edit a tile above",
        do=_sql("intake", f"UPDATE tile SET hashes = zeroblob(32) WHERE {_MINE} AND level = 1"),
        position=0,
        code="proof.tile_differs",
    ),
    Tampering(
        name="take a tile away",
        do=_sql("intake", f"DELETE FROM tile WHERE {_MINE} AND level = 0 AND tile_index = 1"),
        position=256,
        code="proof.tile_missing",
    ),
    Tampering(
        name="add a tile",
        do=_sql(
            "intake",
            "INSERT INTO tile (log_no, level, tile_index, hashes) "
            "SELECT log_no, 2, 0, zeroblob(32) FROM log WHERE origin = :origin",
        ),
        by=FSCK,
        code="fsck.tile_beyond",
    ),
    # Copies
    Tampering(
        name="rewrite a copy, its leaf hash with it",
        do=_rewrite_copy,
        by=FSCK,
        position=100,
        code="fsck.copy_differs",
    ),
    _copy_column("event_id", "'x'"),
    _copy_column("type", "'OpinionDeclined'"),
    _copy_column("schema_version", "9"),
    _copy_column("time", "'2000-01-01T00:00:00.000000Z'"),
    _copy_column("leaf", "zeroblob(32)"),
    Tampering(
        name="delete a copy",
        do=_sql("reporting", f"DELETE FROM journal_entry WHERE {_COPY} AND position = 9"),
        by=FSCK,
        position=9,
        code="fsck.copy_hole",
    ),
    Tampering(
        name="say that less is copied",
        do=_sql("reporting", "UPDATE journal_log SET size = 200 WHERE origin = :origin"),
        by=FSCK,
        position=200,
        code="fsck.copy_beyond_end",
    ),
    # Read models
    _read_model("intake", "opinion", "voices", "voices + 1"),
    _read_model("intake", "opinion", "answered_on", "'2019-01-01'"),
    _read_model("intake", "opinion", "received_on", "'2018-01-01'"),
    _read_model("sessions", "session", "attendances", "1"),
    _read_model("sessions", "attendance", "attendances", "1"),
    _read_model("sessions", "session_opinion", "disposition", "'x'"),
    _read_model("sessions", "conclusion", "number", "'x'"),
    _read_model("sessions", "commitment", "due_on", "'2030-01-01'"),
    _read_model("assignment", "assignment", "days_late", "0"),
    _read_model("assignment", "assignment_agency", "place", "7"),
    _read_model("assignment", "opinion_lead", "place", "7"),
    _read_model("assignment", "feed", "next_seq", "next_seq + 1"),
    _read_model("assignment", "feed_entry", "type", "'x'"),
    _read_model("reporting", "published_report", "report_sha256", "'00'"),
    Tampering(
        name="delete a row of a read model",
        do=_sql("intake", "DELETE FROM opinion WHERE opinion_id = 'h-3'"),
        by=FSCK,
        code="fsck.read_model_differs",
    ),
    Tampering(
        name="add a row to a read model",
        do=_sql(
            "assignment", "INSERT INTO feed (province, agency, next_seq) VALUES ('ha-noi', 'x', 1)"
        ),
        by=FSCK,
        origin=f"{DEPLOYMENT}/ha-noi/assignment",
        code="fsck.read_model_differs",
    ),
    Tampering(
        name="put nonsense into a read model",
        do=_sql("intake", "UPDATE opinion SET received_on = 'x' WHERE opinion_id = 'h-3'"),
        by=FSCK,
        origin="intake",
        code="fsck.table_unreadable",
    ),
    Tampering(
        name="put text in the place of an entry's bytes",
        do=_sql("intake", f"UPDATE entry SET entry = 'x' WHERE {_MINE} AND position = 7"),
        position=7,
        code="proof.hole",
    ),
    Tampering(
        name="put text in the place of a reference file's bytes",
        do=_sql("intake", "UPDATE reference_file SET content = 'x'"),
        by=FSCK,
        position=0,
        code="fsck.reference_copy_differs",
    ),
    # Figures and reports
    Tampering(
        name="edit a stored figure",
        do=_sql("reporting", "UPDATE figure_cell SET amount = amount + 1 WHERE rowid = 1"),
        by=FSCK,
        origin=f"{DEPLOYMENT}/*/reporting",
        code="fsck.figure_differs",
    ),
    Tampering(
        name="delete a stored figure",
        do=_sql("reporting", "DELETE FROM figure_cell WHERE rowid = 1"),
        by=FSCK,
        origin=f"{DEPLOYMENT}/*/reporting",
        code="fsck.figure_differs",
    ),
    Tampering(
        name="say that figures count more than there is",
        do=_sql("reporting", "UPDATE figure_upto SET size = size + 1 WHERE origin = :origin"),
        by=FSCK,
        position=SIZE + 1,
        code="fsck.figures_ahead",
    ),
    Tampering(
        name="publish another digest of a report",
        do=_republish,
        by=FSCK,
        origin=REPORTING,
        position=PUBLISHED_AT,
        code="report_differs",
    ),
    Tampering(
        name="publish what can't be computed",
        do=_publish_nonsense,
        by=FSCK,
        origin=REPORTING,
        position=PUBLISHED_AT,
        code="fsck.report_not_computable",
    ),
    # Reference files
    Tampering(
        name="exchange a province's file",
        do=_exchange_file,
        by=FSCK,
        position=0,
        code="fsck.exchanged",
    ),
    Tampering(
        name="edit the copy of a reference file",
        do=_sql("intake", "UPDATE reference_file SET content = x'20'"),
        by=FSCK,
        position=0,
        code="fsck.reference_copy_differs",
    ),
    Tampering(
        name="take the copies of reference files away",
        do=_sql("intake", "DELETE FROM reference_file"),
        by=FSCK,
        position=0,
        code="fsck.reference_copy_missing",
    ),
)


def is_found(tampering: Tampering, said: dict[str, Any]) -> bool:
    """Return whether a finding says what was done, and where."""
    before, _, after = tampering.origin.partition("*")
    return any(
        found["code"] == tampering.code
        and found["origin"].startswith(before)
        and found["origin"].endswith(after)
        and tampering.position in (None, found["position"])
        for found in said["findings"]
    )


def _show(*cells: str) -> None:
    sys.stdout.write("| " + " | ".join(cells) + " |\n")
    sys.stdout.flush()


def main() -> None:
    """Do all of it and print what was said."""
    missed = 0
    with TemporaryDirectory() as folder:
        clean = Path(folder) / "clean"
        clean.mkdir()
        prepared(clean)
        _show("what was done", "command", "finding", "log", "position", "exit status")
        _show("---", "---", "---", "---", "---:", "---:")
        for tampering in MATRIX:
            spoilt = Deployed(folder=Path(shutil.copytree(clean, Path(folder) / "spoilt")))
            tampering.do(spoilt)
            said = findings(spoilt, tampering.by, with_old=tampering.keeps_old)
            found = is_found(tampering, said) and said["status"] != 0
            missed += not found
            position = "–" if tampering.position is None else str(tampering.position)
            code = tampering.code if found else "**MISSED**"
            where = tampering.origin, position, str(said["status"])
            _show(tampering.name, tampering.by, code, *where)
            shutil.rmtree(spoilt.folder)
    sys.stdout.write(f"\n{len(MATRIX) - missed} of {len(MATRIX)} found\n")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
