"""`doithoai audit prove`, `check-proof`: that one event stands in its log, for years."""

import json
import sys
from pathlib import Path

import click

from deploy.cli.audit_source import conclude
from deploy.cli.audit_trust import contents, keys_asked, trusted, witnesses_asked
from deploy.cli.audit_verify import from_folder, provable
from deploy.cli.output import as_json, show_json, show_table

_SHOWN = ("id", "type", "subject", "time", "actor")


@click.command()
@click.argument("event_id", metavar="EVENT_ID")
@from_folder
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Tệp chứng minh; mặc định: in ra / the proof's file; printed without it.",
)
@as_json
def prove(event_id: str, folder: Path | None, out: Path | None, is_json: bool) -> None:  # noqa: FBT001
    """Chứng minh một sự kiện có trong sổ / a proof that anybody can keep.

    Writes a C2SP tlog-proof: the entry's position, the hashes from it up to the root, and
    the signed checkpoint; its line `extra` carries the entry itself, so that with the
    log's verifier key alone it can be checked for ever.

    \b
    Ví dụ / Examples:
      doithoai audit prove 018f3c1e-… --out y-kien.tlog-proof
      doithoai audit prove 018f3c1e-… --from /media/kiem-toan
    """
    from deploy.audit.proving import inclusion
    from shared.kernel.errors import Unavailable

    with provable(folder, ()) as archives:
        proof = inclusion.prove(archives, event_id)
    content = proof.encode()
    if out is not None:
        try:
            out.write_bytes(content)
        except OSError:
            raise Unavailable("audit.given_unwritable", path=out.name) from None
    if is_json:
        written = str(out) if out else content.decode()
        show_json({"event_id": event_id, "position": proof.index, "proof": written})
    elif out is not None:
        click.echo(f"{out}: vị trí {proof.index} / position {proof.index}")
    else:
        sys.stdout.write(content.decode())


@click.command("check-proof")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@keys_asked(required=True)
@witnesses_asked
@as_json
def check_proof(
    *,
    file: Path,
    keys: tuple[str, ...],
    witnesses: tuple[str, ...],
    witnesses_min: int | None,
    is_json: bool,
) -> None:
    """Kiểm tra tệp chứng minh mà «prove» ghi / check a proof, without any log.

    \b
    Ví dụ / Examples:
      doithoai audit check-proof y-kien.tlog-proof --key khoa.txt
    """
    from deploy.audit.proving import inclusion
    from deploy.audit.verdict import Verdict
    from shared.eventlog.tlog_proof import PROOF_MAX_BYTES

    (content,) = contents((file,), PROOF_MAX_BYTES)
    proven = inclusion.check(content, trusted(keys, witnesses, witnesses_min))
    if not is_json:
        rows = [
            ["Sổ / log", proven.origin],
            ["Vị trí / position", f"{proven.position} / {proven.size}"],
        ]
        document = proven.document or {}
        rows += [[name, str(document.get(name, ""))] for name in _SHOWN]
        rows.append(["data", json.dumps(document.get("data"), ensure_ascii=False)])
        show_table("Bản ghi được chứng minh / the entry proven", ["", ""], rows, numbers_from=2)
    conclude(Verdict.PROVEN, proven.as_json(), (), is_json=is_json)
