"""A province that is new: the smallest file there can be, and an opinion of it."""

import shutil
from pathlib import Path

OPINION = {
    "province": "tinh-moi",
    "unit": "xa-mot",
    "field": "environment",
    "opinion_kind": "recommendation",
    "channel": "direct",
    "organisation": "mttq-tinh-moi",
    "voices": 3,
    "received_on": "2026-03-02",
    "text": "Đề nghị thu gom rác ở chợ xã thường xuyên hơn.",
}


def province_folder(folder: Path) -> dict[str, str]:
    """Return what a deployment is told that knows this province alone, on 02/03/2026."""
    provinces = folder / "provinces"
    provinces.mkdir()
    shutil.copy(Path(__file__).parent / "provinces" / "tinh-moi.toml", provinces)
    clock = folder / "clock"
    clock.write_text("2026-03-02T03:00:00+00:00", encoding="ascii")
    return {
        "DOITHOAI_DATA": str(folder / "data"),
        "DOITHOAI_PROVINCES": str(provinces),
        "DOITHOAI_CLOCK": str(clock),
    }
