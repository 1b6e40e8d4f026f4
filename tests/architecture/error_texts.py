"""The error codes that the code raises, and the texts that explain them."""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from tests.architecture.tree import ROOT, modules, tracked_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """One place that makes an error."""

    place: str
    code: str | None
    """`None` when it is not written there, so that no test can find its text."""
    facts: frozenset[str] | None
    """The names of the facts given; `None` when they are given as a mapping."""


def raised_errors() -> list[Raised]:
    """Return every making of an AppError or of a subclass in the project's packages."""
    trees = {path: ast.parse(path.read_bytes()) for path in modules()}
    classes = _error_classes(list(trees.values()))
    found = []
    for path, tree in trees.items():
        for call in _constructions(tree, classes):
            place = f"{path.relative_to(ROOT)}:{call.lineno}"
            names = [word.arg for word in call.keywords]
            facts = None if None in names else frozenset(name for name in names if name)
            codes = list(_codes(call.args[0])) if call.args else [None]
            found += [Raised(place=place, code=code, facts=facts) for code in codes]
    return found


def literals() -> set[str]:
    """Return every piece of text written in the project's modules, but for migrations."""
    trees = (ast.parse(path.read_bytes()) for path in modules() if "migrations" not in path.parts)
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def catalogues(language: str) -> dict[Path, dict[str, str]]:
    """Return folder → dotted key → text, of every `texts.<language>.toml`."""
    paths = [path for path in tracked_files() if path.name == f"texts.{language}.toml"]
    return {
        path.parent: dict(_flat(tomllib.loads(path.read_text(encoding="utf-8")))) for path in paths
    }


def places(text: str) -> set[str]:
    """Return the names of the facts that a text has places for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _error_classes(trees: list[ast.Module]) -> frozenset[str]:
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {"AppError"}
    while grown := {name for name, above in bases.items() if above & known} - known:
        known |= grown
    return frozenset(known)


def _constructions(tree: ast.AST, classes: frozenset[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            if name in classes:
                yield node
        elif isinstance(node, ast.ClassDef) and node.name in classes and node.name != "AppError":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and ast.unparse(inner.func) == "super().__init__":
                    yield inner


def _codes(argument: ast.expr) -> Iterator[str | None]:
    match argument:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=one, orelse=other):
            yield from _codes(one)
            yield from _codes(other)
        case _:
            yield None


def _flat(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(value)
