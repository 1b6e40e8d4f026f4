"""Keys of listed units, for province files that take their units from a list."""

from collections import Counter
from collections.abc import Mapping
from functools import cache

from shared.contracts.vocabulary import Level
from shared.territory.lists import ListedUnit, line_of, listed
from shared.territory.names import plain
from shared.territory.units import OfficialCode, Scheme


@cache
def keys(scheme: Scheme) -> Mapping[OfficialCode, str]:
    """Return a key for each unit of a scheme, unique within its province, for ever the same.

    `ha-noi`, `quan-ba-dinh`, `phuong-giang-vo`; a commune of a district has that behind it:
    `phuong-giang-vo-quan-ba-dinh`, as a name came again in other districts and in 2025. Of
    names that differ in diacritics only, the later by code ends in `-2`. No key holds a code.
    """
    found: dict[OfficialCode, str] = {}
    seen: Counter[tuple[OfficialCode, str]] = Counter()
    for official, unit in listed(scheme).items():
        line = line_of(unit)
        key = _slug(unit.name if official.level is Level.PROVINCE else _placed(line))
        place = line[-1].official, key
        seen[place] += 1
        found[official] = key if seen[place] == 1 else f"{key}-{seen[place]}"
    return found


def _placed(line: tuple[ListedUnit, ...]) -> str:
    districts = (unit for unit in line[:2] if unit.official.level is not Level.PROVINCE)
    return " ".join(unit.full_name for unit in districts)


def _slug(name: str) -> str:
    return plain(name).replace(" ", "-")
