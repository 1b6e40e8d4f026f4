"""Habits that no linter knows, kept by a test so that nobody has to remember them."""

import ast
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, modules, named, text_files, tracked_files

NAMES_THAT_SAY_NOTHING = {
    *("base", "common", "core", "lib", "misc", "stuff"),
    *("helper", "helpers", "util", "utils"),
}

MODULE_LINES_MAX = 300
"""A longer module has stopped being one noun. Tests are excepted: they are lists of rules."""

ALONE = {ROOT / "deploy/audit/bundle/verify_bundle.py"}
"""Programs that travel alone: one file, to be read as a whole; their own tests limit them."""

UNFINISHED = re.compile(
    r"""\b(?:TODO|FIXME|XXX|HACK)\b
    |pragma:\ no\ cover
    |\bpytest\.(?:skip|xfail|importorskip)\b
    |\bmark\.(?:skip|skipif|xfail)\b
    |\bunittest\.skip""",
    re.VERBOSE,
)
REGISTRY = re.compile(
    r"""pypi\.org|pythonhosted|registry\.npmjs|/simple/
    |(?<!no-emit-)\b(?:index-url|find-links|trusted-host)\b""",
    re.VERBOSE,
)
SOMEBODYS_PLACE = re.compile(
    r"""(?<![\w.:/<~-])/(?:home|Users|root|work)/\w
    |\.\./shared/""",
    re.VERBOSE,
)

TARGETS = (
    "install",
    "demo",
    "test",
    "check",
    "up",
    "bench",
    "faults",
    "tamper",
    "mutation",
    "clean",
)


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Return where `pattern` is found, in all files but this one, which names them all."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in text_files()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_the_project_is_seen() -> None:
    assert ROOT / "pyproject.toml" in tracked_files()
    assert len(modules()) > 20


def test_a_name_says_what_is_inside() -> None:
    empty = [
        path
        for path in tracked_files()
        if NAMES_THAT_SAY_NOTHING & {part.split(".")[0] for part in path.relative_to(ROOT).parts}
    ]
    assert named(empty) == []


def test_a_module_is_short_enough_to_be_one_noun() -> None:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in modules()
        if path not in ALONE
    }
    assert named(path for path, lines in lengths.items() if lines > MODULE_LINES_MAX) == []


def test_nothing_is_left_unfinished_untested_or_skipped() -> None:
    assert lines_with(UNFINISHED) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY) == []


def test_no_file_knows_where_somebody_keeps_it() -> None:
    assert lines_with(SOMEBODYS_PLACE) == []


def test_every_locked_requirement_carries_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        logical = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        pins = [line for line in logical if line and not line.lstrip().startswith("#")]
        assert len(pins) > 20
        assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


def test_every_package_has_a_charter() -> None:
    initials = [path for path in modules() if path.name == "__init__.py"]
    charters = {path: ast.get_docstring(ast.parse(path.read_bytes())) for path in initials}
    assert named(path for path, charter in charters.items() if not charter) == []


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for path in modules("shared", "services", "deploy", "tests")}
    inside = {path for path in folders if "migrations" not in path.parts}
    assert named(path for path in sorted(inside) if not (path / "__init__.py").exists()) == []


def test_every_text_is_utf_8_in_composed_form() -> None:
    wrong = []
    for path in text_files():
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            wrong.append(path)
            continue
        if not unicodedata.is_normalized("NFC", text) or "\r\n" in text:
            wrong.append(path)
    assert named(wrong) == []


@pytest.mark.parametrize("target", TARGETS)
def test_make_prints_its_targets(target: str) -> None:
    make = shutil.which("make")
    assert make is not None
    printed = subprocess.run([make], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f"make {target} " in printed


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme
