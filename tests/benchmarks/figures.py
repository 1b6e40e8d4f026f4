"""One measured figure, ours beside the anchor's, and the line it is printed as."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Two rates from one run; only their ratio means anything elsewhere."""

    benchmark: str
    ours: float
    anchor: float
    unit: str
    conditions: Mapping[str, int | float | str] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The figure as one line of JSON."""
        document = {
            "benchmark": self.benchmark,
            "ours": round(self.ours, 1),
            "anchor": round(self.anchor, 1),
            "ratio": round(self.ours / self.anchor, 3),
            "unit": self.unit,
            **self.conditions,
        }
        return json.dumps(document, ensure_ascii=False)
