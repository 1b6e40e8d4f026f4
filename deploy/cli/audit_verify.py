"""`doithoai audit verify`, `log-dir`: whether logs are what was signed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy.cli.audit_source import conclude, provinces_asked
from deploy.cli.audit_trust import (
    FILE_MAX_BYTES,
    contents,
    keys_asked,
    trusted,
    witnesses_asked,
)
from deploy.cli.output import as_json, progress, show_table
from deploy.environment import settings_told
from shared.texts.formats import so

if TYPE_CHECKING:
    from deploy.audit.proving.provable import Provable
    from deploy.audit.proving.verification import Verification

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
from_folder = click.option(
    "--from",
    "folder",
    type=_FOLDER,
    metavar="DIR",
    help="Đọc thư mục do «log export» ghi, thay vì cơ sở dữ liệu / read exported logs.",
)


@click.command()
@from_folder
@provinces_asked
@click.option(
    "--old",
    multiple=True,
    type=_FILE,
    metavar="NOTE",
    help="Điểm chốt đã giữ từ trước; lặp lại được / a checkpoint that you kept from before.",
)
@keys_asked(required=False)
@witnesses_asked
@as_json
def verify(
    *,
    folder: Path | None,
    provinces: tuple[str, ...],
    old: tuple[Path, ...],
    keys: tuple[str, ...],
    witnesses: tuple[str, ...],
    witnesses_min: int | None,
    is_json: bool,
) -> None:
    """Kiểm chứng mọi sổ: bản ghi, cây băm, chữ ký, điểm chốt cũ / verify all logs.

    Every entry is canonical and stands in its own log, in order of time, without a gap in
    positions or in any stream; the entries lead to every root that was ever signed, by a
    key that you gave or that such a key handed over to; every old checkpoint is a
    beginning of the log. Without --key each log is taken at its own word about its keys.

    \b
    Ví dụ / Examples:
      doithoai audit verify
      doithoai audit verify --old hom-qua.note --key khoa.txt
      doithoai audit verify --from /media/kiem-toan --key khoa.txt --json
    """
    from deploy.audit.proving.verification import Verification

    trust = trusted(keys, witnesses, witnesses_min)
    kept = contents(old, FILE_MAX_BYTES)
    with provable(folder, provinces) as archives, progress() as bar:
        total = sum(archive.size() for archive in archives)
        task = bar.add_task("Kiểm chứng / verifying", total=total)
        result = Verification(
            trust=trust, old=kept, advance=lambda entries: bar.advance(task, entries)
        )
        result.verify(archives, are_all=not provinces)
    _conclude(result, is_json=is_json, is_own_word=not keys)


@click.command("log-dir")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@keys_asked(required=True)
@witnesses_asked
@as_json
def log_dir(
    *,
    folder: Path,
    keys: tuple[str, ...],
    witnesses: tuple[str, ...],
    witnesses_min: int | None,
    is_json: bool,
) -> None:
    """Kiểm chứng một thư mục tlog-tiles, của ai cũng được / any log in tlog-tiles.

    DIR holds checkpoint, tile/… and tile/entries/… as https://c2sp.org/tlog-tiles says.
    What the entries say is not looked at. Nothing outside DIR is read: links are refused.

    \b
    Ví dụ / Examples:
      doithoai audit log-dir so/doithoai.local/ha-noi/intake --key khoa.txt
    """
    from deploy.audit.proving.tlog_directory import DirectoryArchive
    from deploy.audit.proving.verification import Verification

    archive = DirectoryArchive(folder)
    with progress() as bar:
        task = bar.add_task("Kiểm chứng / verifying", total=archive.size())
        result = Verification(
            trust=trusted(keys, witnesses, witnesses_min),
            advance=lambda entries: bar.advance(task, entries),
        )
        result.verify_foreign(archive)
    _conclude(result, is_json=is_json, is_own_word=False)


@contextmanager
def provable(folder: Path | None, provinces: tuple[str, ...]) -> "Iterator[list[Provable]]":
    """Yield the logs of `provinces`, or of all: below `folder`, else of the deployment.

    Raises:
        NotFound: `province.unknown`, `audit.no_checkpoint`.
        Unavailable: as `deploy.audit.deployment.owners`.
        BadInput, ContractError: as `deploy.audit.proving.tlog_directory`.

    """
    from deploy.audit.archive import DatabaseArchive
    from deploy.audit.deployment import of_provinces, owners
    from deploy.audit.proving.provable import mirrors_of, owned
    from deploy.audit.proving.tlog_directory import DirectoryArchive, logs_below

    if folder is not None:
        found = [DirectoryArchive(each) for each in logs_below(folder)]
        wanted = {each.origin for each in of_provinces([*found], provinces)}
        yield [each for each in found if each.origin in wanted]
        return
    with owners(settings_told()) as archives:
        mine = of_provinces(archives, provinces)
        mirrors = mirrors_of(archives)
        yield [owned(each, mirrors) for each in mine if isinstance(each, DatabaseArchive)]


def _conclude(result: "Verification", *, is_json: bool, is_own_word: bool) -> None:
    from deploy.audit.verdict import Verdict

    if not is_json:
        show_table(
            "Đã kiểm chứng / verified",
            ["Sổ", "Số bản ghi", "Đã ký", "Khớp chữ ký", "Bên chứng kiến"],
            [
                [log.origin, so(log.size), so(log.signed), so(log.proven), len(log.witnesses)]
                for log in result.logs
                if log.size or log.signed
            ],
        )
    is_proven = result.findings.verdict is Verdict.PROVEN
    conclude(
        result.findings.verdict,
        {
            "logs": [log.as_json() for log in result.logs],
            "keys_are_given": not is_own_word,
            "findings_in_all": result.findings.in_all,
        },
        result.findings.listed,
        is_json=is_json,
        told="proven_by_own_keys" if is_own_word and is_proven else None,
    )
