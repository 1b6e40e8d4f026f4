"""`doithoai audit fsck`: whether what is kept beside the entries follows from them."""

from collections.abc import Callable

import click

from deploy.cli.audit_source import conclude, province_files
from deploy.cli.output import as_json, progress
from deploy.environment import settings_told


@click.command()
@as_json
def fsck(is_json: bool) -> None:  # noqa: FBT001
    """Đối chiếu mọi thứ suy ra từ sổ với sổ / compare all that follows from the logs.

    Every index column with its entry, every copy in the journal with its owner's bytes, the
    tiles with the tree; every read model with one built again, the live figures with a
    count from the first entry, every published report with itself computed again, every
    reference file and its copy with what the log adopted.

    \b
    Ví dụ / Examples:
      doithoai audit fsck
      doithoai audit fsck --json
    """
    from deploy.audit.fsck.checking import fsck as checked

    with progress() as bar:

        def begin(entries: int) -> Callable[[int], None]:
            task = bar.add_task("Đối chiếu / comparing", total=entries)
            return lambda read: bar.advance(task, read)

        check = checked(settings_told(), province_files(), begin)
    conclude(
        check.findings.verdict,
        {"findings_in_all": check.findings.in_all},
        check.findings.listed,
        is_json=is_json,
    )
