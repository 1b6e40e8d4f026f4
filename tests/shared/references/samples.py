"""Reference files in two versions."""

from dataclasses import replace

from shared.contracts.vocabulary import ReferenceKind
from shared.references import ReferenceFile

CALENDAR = ReferenceFile(
    kind=ReferenceKind.CALENDAR,
    name="calendar/overrides.toml",
    content='[[day]]\non = 2026-01-02\ncitation = "Quyết định số 1"\n'.encode(),
    library="holidays-0.109",
    label="holidays-0.109",
)
PROVINCE = ReferenceFile(
    kind=ReferenceKind.PROVINCE,
    name="ha-noi.toml",
    content=b'slug = "ha-noi"\n',
    label="Hà Nội",
)
CHANGED = replace(PROVINCE, content=b'slug = "ha-noi"\n# changed\n')
"""The province's file in its second version."""
