"""The folder of province files, asked by slug: a file that is put there later is found too."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from shared.kernel.errors import RegulationError
from shared.kernel.reference import is_slug
from shared.provinces.loading import load_province, load_provinces
from shared.provinces.province import Province


class ProvinceFolder(Mapping[str, Province]):
    """Every province of a folder, by slug, sorted.

    A file that is read stays as it was read: a changed one comes into use with the next
    start. One that is new is read when somebody asks for its slug.
    """

    def __init__(self, directory: Path) -> None:
        """Read the folder. Raises RegulationError as `load_provinces`."""
        self._directory = directory
        self._provinces = load_provinces(directory)
        self._reading = threading.Lock()

    def __getitem__(self, slug: str) -> Province:
        """Return the province. Raises RegulationError when a new file of it is wrong."""
        if slug not in self._provinces:
            self._read(slug)
        return self._provinces[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._provinces)

    def __len__(self) -> int:
        return len(self._provinces)

    def _read(self, slug: str) -> None:
        file = self._directory / f"{slug}.toml"
        if not is_slug(slug) or not file.is_file():
            return
        with self._reading:
            province = load_province(file)
            successor = province.successor
            is_there = successor is None or (self._directory / f"{successor}.toml").is_file()
            if not is_there:
                raise RegulationError(
                    "province.unknown_successor", file=province.file, successor=successor
                )
            # A new mapping, so that whoever is walking over the old one is not disturbed.
            self._provinces = dict(sorted({**self._provinces, slug: province}.items()))
