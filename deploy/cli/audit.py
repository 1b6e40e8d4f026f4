"""`doithoai audit`: what an auditor asks of the logs, without a running deployment.

Every command ends with a verdict: exit status 0 proven, 1 disproven, 2 nobody can tell.
"""

import sys
from typing import Any

import click

from deploy.audit.verdict import Verdict
from deploy.cli.audit_bundle import bundle, check_bundle
from deploy.cli.audit_diff import diff
from deploy.cli.audit_fsck import fsck
from deploy.cli.audit_history import history
from deploy.cli.audit_page import page
from deploy.cli.audit_proof import check_proof, prove
from deploy.cli.audit_recount import recount
from deploy.cli.audit_replay import replay
from deploy.cli.audit_source import conclude
from deploy.cli.audit_verify import log_dir, verify
from deploy.cli.output import IS_JSON
from deploy.ending import described, explain, meant_by
from shared.eventlog.checkpoint import CheckpointUnsigned
from shared.kernel.errors import LogTampered


class AuditGroup(click.Group):
    """A group whose errors are verdicts: what is tampered with is disproven, the rest unknown."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what keeps it from an answer into words and a verdict."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.Abort, click.ClickException, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - a person never gets a trace
            meant = meant_by(error)
            is_tampered = isinstance(meant, LogTampered) and not isinstance(
                meant, CheckpointUnsigned
            )
            verdict = Verdict.DISPROVEN if is_tampered else Verdict.CANNOT_TELL
            click.echo(" / ".join(verdict.told().values()), err=True)
            explain(meant)
            if ctx.meta.get(IS_JSON):
                conclude(verdict, {"error": described(meant)}, (), is_json=True)
            sys.exit(verdict)


@click.group(cls=AuditGroup)
def audit() -> None:
    """Kiểm tra sổ sự kiện và số liệu, không cần hệ thống chạy / the auditor's tools.

    Reads the databases of the deployment, running or stopped, and changes nothing.

    \b
    Kết thúc / exit status: 0 đúng, có bằng chứng; 1 sai, có bằng chứng; 2 không kết luận được
    (cả khi dùng sai lệnh).
    0 proven; 1 disproven; 2 can't tell (also when used wrongly).
    """


for command in (replay, diff, history, recount, bundle, check_bundle):
    audit.add_command(command)
for command in (verify, fsck, log_dir, prove, check_proof, page):
    audit.add_command(command)
