"""`docs/commands.md`: every command of `doithoai`, as its `--help` prints it."""

from collections.abc import Iterator

import click

from deploy.cli import root
from deploy.documents.settings import settings_table

WIDTH = 92

HEAD = """# Lệnh · Commands

Lệnh `doithoai` dùng một hệ thống đang chạy (qua `DOITHOAI_URL`), hoặc tự mở thư mục dữ liệu
của hệ thống nhúng đang dừng, làm xong thì đóng lại.

Generated from the commands themselves by `python -m deploy.documents`. With `--json` every
command prints JSON on standard output; progress and errors go to standard error.

## Exit status

| status | meaning |
|---|---|
| 0 | done |
| 1 | done, and the answer is bad: a figure differs, rows were rejected |
| 2 | used wrongly |
| 3 | refused by a rule or for want of a right |
| 4 | the deployment can't do it now |

`doithoai audit …` ends with a verdict instead: 0 proven, 1 disproven, 2 nobody can tell,
for whatever reason.

## Environment

"""


def commands_page() -> str:
    """Return the page."""
    return HEAD + settings_table() + "".join(_sections(root.cli, "doithoai", None))


def _sections(command: click.Command, name: str, above: click.Context | None) -> Iterator[str]:
    """Yield the help of `command`, called `name` in its group, and of all commands below it."""
    context = click.Context(
        command, parent=above, info_name=name, terminal_width=WIDTH, **command.context_settings
    )
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    yield f"\n## {context.command_path}\n\n```text\n{text}\n```\n"
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None:
                yield from _sections(found, below, context)
