"""What stands beside a name in the source: the sentences that Python itself forgets."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

PACKAGES = ("shared", "services", "deploy")


def attribute_docs(cls: type) -> dict[str, str]:
    """Return each attribute or member of `cls` that is described, with its description."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    (found,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
    return dict(described(found.body))


def described(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Yield each assigned name that a text follows, with that text on one line."""
    for node, after in pairwise(body):
        name = assigned_name(node)
        if name is None or not isinstance(after, ast.Expr):
            continue
        if isinstance(after.value, ast.Constant) and isinstance(after.value.value, str):
            yield name, one_line(after.value.value)


def assigned_name(node: ast.stmt) -> str | None:
    """Return the name that a statement gives a value or a type, if it does only that."""
    match node:
        case ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case _:
            return None


def modules(root: Path) -> Iterator[Path]:
    """Yield the modules of the project's packages, in the order of their paths."""
    for package in PACKAGES:
        yield from sorted((root / package).rglob("*.py"))


def one_line(text: str) -> str:
    """Return `text` without line breaks, fit for a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")
