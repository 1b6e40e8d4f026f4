"""The table of limits in `docs/ARCHITECTURE.md`: every bound, by the name of its constant."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from deploy.documents.sources import assigned_name, described, modules

ROOT = Path(__file__).resolve().parents[2]
_BOUND = re.compile(r"(?!_)(?:\w*(?:MAX|LIMIT|_MIN)\w*|\w+_S|\w+_THREADS)")
_NOT_THE_SYSTEM = ("deploy/demo/", "deploy/documents/")

Number = int | float | str


def limits_table() -> str:
    """Return the table, by module and in the order of the source."""
    lines = ["| limit | value | where | meaning |", "|---|---:|---|---|"]
    for path in modules(ROOT):
        place = path.relative_to(ROOT).as_posix()
        if not place.startswith(_NOT_THE_SYSTEM):
            lines += [
                f"| `{name}` | {value} | `{place}` | {doc} |" for name, value, doc in _limits(path)
            ]
    return "\n".join(lines) + "\n"


def _limits(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and description of each bound that a module states."""
    body = ast.parse(path.read_bytes()).body
    docs = dict(described(body))
    for node in body:
        name = assigned_name(node)
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if name is None or value is None or not _BOUND.fullmatch(name):
            continue
        numbers = _numbers(value)
        if numbers:
            yield name, ", ".join(map(_shown, numbers)), docs.get(name, "")


def _numbers(node: ast.expr) -> tuple[Number, ...]:
    """Return what an expression of constants comes to; () when it is anything else."""
    match node:
        case ast.Constant(value=bool()):
            return ()
        case ast.Constant(value=int() | float() | str() as value):
            return (value,)
        case ast.Tuple(elts=parts):
            return tuple(number for part in parts for number in _numbers(part))
        case ast.BinOp(left=left, op=operator, right=right):
            return _reckoned(_numbers(left), operator, _numbers(right))
        case _:
            return ()


def _reckoned(
    left: tuple[Number, ...], operator: ast.operator, right: tuple[Number, ...]
) -> tuple[Number, ...]:
    match left, operator, right:
        case (int() as one,), ast.Mult(), (int() as other,):
            return (one * other,)
        case (int() as one,), ast.Pow(), (int() as other,):
            return (int(one**other),)
        case (int() as one,), ast.Sub(), (int() as other,):
            return (one - other,)
        case _:
            return ()


def _shown(number: Number) -> str:
    return f"{number:,}" if isinstance(number, int) else str(number)
