"""From an older schema version to the next, one pure step each. Old bytes never change.

To change a released event: raise its number in `shared.contracts.SCHEMA_VERSIONS`, add
the step here, and pin the new bytes beside the old ones in `tests/contracts/golden`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from shared.contracts import SCHEMA_VERSIONS
from shared.kernel.errors import ContractError

Step = Callable[[Mapping[str, Any]], Mapping[str, Any]]

STEPS: dict[tuple[str, int], Step] = {}
"""(type name, from version) → data of the next version."""


def upcast(name: str, version: int, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `data` as of the current version of `name`.

    Raises:
        ContractError: `contract.unknown_version` for a version from the future,
            `contract.invalid_body` for one that never was.

    """
    current = SCHEMA_VERSIONS.get(name, 1)
    if type(version) is not int or version < 1:
        raise ContractError("contract.invalid_body", type=name, fields="schemaversion")
    if version > current:
        raise ContractError("contract.unknown_version", type=name, version=version)
    for step in range(version, current):
        data = STEPS[name, step](data)
    return data
