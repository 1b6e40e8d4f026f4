"""`python -m deploy.territory WHEEL [--witness WHEEL]`: writes the lists and names what changed.

Where to get the wheels is said in `shared/territory/data/SOURCES.md`.
"""

import argparse
import sys
from pathlib import Path

from deploy.territory.lists import CORRECTIONS, Correction, files
from deploy.territory.source import read_wheel
from deploy.territory.witness import differences, same_bytes
from shared.territory.lists import DATA

PACKAGE = "vietnamadminunits"
SHA256 = "737ee3662e877290386c1c45ed4d71f2e5fae34ab6fb9c64bfb4cb74b216ea35"
"""Of vietnamadminunits-1.0.4-py3-none-any.whl."""


def main() -> None:
    """Write what has changed; with a witness, say where it differs."""
    parser = argparse.ArgumentParser(prog="python -m deploy.territory", description=__doc__)
    parser.add_argument("wheel", type=Path, help="vietnamadminunits-1.0.4-py3-none-any.whl")
    parser.add_argument("--witness", type=Path, help="onflow_location_platform-*.whl")
    given = parser.parse_args()
    source = read_wheel(given.wheel, SHA256, PACKAGE)
    corrections = Correction.read(CORRECTIONS.read_text(encoding="utf-8"))
    for name, text in files(source, corrections).items():
        path = DATA / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="")
            sys.stdout.write(f"{name}\n")
    if given.witness is not None:
        if same_bytes(given.wheel, given.witness, PACKAGE):
            sys.stdout.write("the database of the witness is a copy of the source's\n")
        for title, lines in differences(source, given.witness).items():
            sys.stdout.write(f"{title}: {len(lines)}\n")
            sys.stdout.writelines(f"  {line}\n" for line in lines)


if __name__ == "__main__":
    main()
