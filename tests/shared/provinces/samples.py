"""A small province file that is right, for tests to spoil."""

from pathlib import Path

from shared.kernel.errors import RegulationError
from shared.provinces import Province, load_province

SAMPLE = (Path(__file__).parent / "tinh-a.toml").read_text(encoding="utf-8")


def written(folder: Path, text: str = SAMPLE, slug: str = "tinh-a") -> Path:
    file = folder / f"{slug}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def sample(folder: Path) -> Province:
    return load_province(written(folder))


def refusal_of(folder: Path, text: str) -> RegulationError:
    try:
        load_province(written(folder, text))
    except RegulationError as error:
        return error
    raise AssertionError("the file was not refused")
