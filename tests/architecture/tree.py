"""The files of the project, as its tests about the project see them."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("shared", "services", "deploy")
TEXT_SUFFIXES = {
    *(".cfg", ".in", ".ini", ".json", ".service", ".toml", ".yaml", ".yml"),
    *(".css", ".html", ".js", ".svg"),
    *(".csv", ".md", ".txt"),
    *(".mako", ".py", ".sh", ".sql"),
}
TEXT_NAMES = {".editorconfig", ".gitignore", "Dockerfile", "LICENSE", "Makefile", "run"}
NOT_OURS = {".git", ".venv", "build", "dist", "mutants", "__pycache__"}


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return what git keeps or would keep; without git, every file that isn't built."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return tuple(sorted(_walk()))
    paths = (ROOT / os.fsdecode(name) for name in names.split(b"\0") if name)
    return tuple(sorted(path for path in set(paths) if path.is_file()))


def _walk() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in NOT_OURS and not name.endswith((".egg-info", "_cache"))
        ]
        yield from (Path(folder) / name for name in names)


def text_files() -> list[Path]:
    """Return the files that people or programs read as text."""
    files = tracked_files()
    return [path for path in files if path.suffix in TEXT_SUFFIXES or path.name in TEXT_NAMES]


def modules(*folders: str) -> list[Path]:
    """Return the Python files below `folders`, or below all packages of the project."""
    wanted = folders or PACKAGES
    return [
        path
        for path in tracked_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in wanted
    ]


def named(paths: Iterable[Path]) -> list[str]:
    """Return the paths as a reader of a failure wants them: from the project's root."""
    return [str(path.relative_to(ROOT)) for path in paths]
