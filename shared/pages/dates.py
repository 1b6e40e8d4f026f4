"""Days as people type them: 01/07/2026, 1/7/26, 01-07-2026, or as browsers send them."""

import re
from datetime import date

_TYPED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_CENTURY = 2000


def typed_day(text: str) -> date | None:
    """Return the day; None for what is none. Day before month; two digits are of this century."""
    typed = _TYPED.fullmatch(text.strip())
    try:
        if typed is None:
            return date.fromisoformat(text.strip())
        day, month, year = (int(number) for number in typed.groups())
        return date(year if year >= 100 else _CENTURY + year, month, day)  # noqa: PLR2004
    except ValueError:
        return None
