"""What people read: texts by key in Vietnamese and English, and formats of figures."""

from shared.texts.catalogue import Catalogue, Language

__all__ = ["Catalogue", "Language"]
