"""Why somebody reads a text. A value stands in the access log for ever."""

from enum import StrEnum


class Purpose(StrEnum):
    """The closed list of purposes; a reading without one is refused at the edge."""

    SCREENING = "screening"
    """Sàng lọc: to accept, decline or classify the opinion."""
    HANDLING = "handling"
    """Giải quyết: to answer it, at a session or as the agency whose duty it is."""
    SUPERVISION = "supervision"
    """Giám sát: by the Fatherland Front, over how it was handled."""
    AUDIT = "audit"
    """Kiểm tra: to compare a text with its commitment in the log."""
    PUBLICATION = "publication"
    """Công bố: to put a public text, or a released answer, before the people."""
    OWN_ENTRY = "own_entry"
    """Xem lại: by the seat that entered it."""
    ADMINISTRATION = "administration"
    """Quản trị: to know who holds which seat."""
    COMPARISON = "comparison"
    """So trùng: to show what an opinion shares with another one."""
    INDEXING = "indexing"
    """Lập chỉ mục: by the service itself, to find like opinions later; nobody sees it."""
