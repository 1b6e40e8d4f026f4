"""`doithoai`: all commands, and how each ends.

Exit status: 0 done; 1 done and the answer is bad (a figure differs, rows rejected);
2 used wrongly; 3 refused by a rule or right; 4 the deployment can't do it now;
130 interrupted. The auditor's commands end with a verdict: see `deploy.cli.audit`.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from deploy.cli.access import access
from deploy.cli.agency import agency
from deploy.cli.audit import audit
from deploy.cli.declared import declared
from deploy.cli.demo import demo
from deploy.cli.follow import follow
from deploy.cli.import_ import import_
from deploy.cli.log import log
from deploy.cli.province import province
from deploy.cli.regulation import regulation
from deploy.cli.report import report
from deploy.cli.routing import routing
from deploy.cli.session import session
from deploy.cli.territory import territory
from deploy.cli.up import up
from deploy.cli.witness import witness
from deploy.ending import INTERRUPTED, USED_WRONGLY, explain, told
from shared.kernel.errors import BadInput


class _Root(click.Group):
    """All commands. When the reader of the output has gone, click ends with 1: a verdict."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """Return the context; printing help may meet the end of the reader."""
        with _aborting():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _aborting():
            return super().invoke(ctx)


@contextmanager
def _aborting() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise click.Abort from None
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # so rich ends, with 1 too
            raise click.Abort from None
        raise


@click.group(cls=_Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="doithoai")
def cli() -> None:
    """Đối Thoại: tiếp xúc, đối thoại với Nhân dân; từ ý kiến đến con số có nguồn gốc.

    \b
    From what people said in dialogue sessions to a figure that can be traced.
    A deployment that runs is used through its API (DOITHOAI_URL, DOITHOAI_TOKEN). An
    embedded one that is stopped is started for the command and stopped after it.

    \b
    Kết thúc / exit status: 0 xong; 1 xong, nhưng số khác hoặc có dòng sai; 2 dùng sai lệnh;
    3 bị từ chối; 4 hệ thống chưa đáp ứng được.
    0 done; 1 done, and a figure differs or rows are faulty; 2 used wrongly; 3 refused;
    4 the deployment can't do it now.

    \b
    Ví dụ / Examples:
      doithoai demo
      doithoai up
      doithoai report sessions --province ha-noi --from 2017-01-01 --to 2021-12-31
    """


for command in (
    up,
    demo,
    import_,
    declared,
    report,
    session,
    log,
    follow,
    agency,
    access,
    territory,
    routing,
    audit,
    witness,
    regulation,
    province,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; turn every error into text and status."""
    with told():
        try:
            status = cli.main(prog_name="doithoai", standalone_mode=False)
        except click.Abort:
            status = INTERRUPTED
        except click.ClickException as error:
            error.show()
            explain(BadInput("deployment.used_wrongly"))
            status = USED_WRONGLY
        sys.stdout.flush()  # here, where a reader that has gone is no fault
    sys.exit(status if isinstance(status, int) else 0)
