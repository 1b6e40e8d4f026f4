"""Kinds of territorial units: the word that stands before a name."""

from enum import StrEnum

from shared.contracts.vocabulary import Level


class UnitKind(StrEnum):
    """What a unit is (loại đơn vị hành chính)."""

    MUNICIPALITY = "municipality"
    """Thành phố trực thuộc trung ương."""
    PROVINCE = "province"
    """Tỉnh."""
    URBAN_DISTRICT = "urban_district"
    """Quận: until 2025-06-30."""
    RURAL_DISTRICT = "rural_district"
    """Huyện: until 2025-06-30."""
    TOWN = "town"
    """Thị xã: until 2025-06-30."""
    CITY = "city"
    """Thành phố within a province or a municipality: until 2025-06-30."""
    WARD = "ward"
    """Phường."""
    RURAL_COMMUNE = "rural_commune"
    """Xã."""
    TOWNSHIP = "township"
    """Thị trấn: until 2025-06-30."""
    SPECIAL_ZONE = "special_zone"
    """Đặc khu: since 2025-07-01."""

    @property
    def vi(self) -> str:
        """Return the word as it stands before a name within a sentence: "phường"."""
        return _WORDS[self]

    @property
    def level(self) -> Level:
        """Return the level that units of this kind are of."""
        return _LEVELS[self]


_WORDS = {
    UnitKind.MUNICIPALITY: "thành phố",
    UnitKind.PROVINCE: "tỉnh",
    UnitKind.URBAN_DISTRICT: "quận",
    UnitKind.RURAL_DISTRICT: "huyện",
    UnitKind.TOWN: "thị xã",
    UnitKind.CITY: "thành phố",
    UnitKind.WARD: "phường",
    UnitKind.RURAL_COMMUNE: "xã",
    UnitKind.TOWNSHIP: "thị trấn",
    UnitKind.SPECIAL_ZONE: "đặc khu",
}
_LEVELS = {
    UnitKind.MUNICIPALITY: Level.PROVINCE,
    UnitKind.PROVINCE: Level.PROVINCE,
    UnitKind.URBAN_DISTRICT: Level.DISTRICT,
    UnitKind.RURAL_DISTRICT: Level.DISTRICT,
    UnitKind.TOWN: Level.DISTRICT,
    UnitKind.CITY: Level.DISTRICT,
    UnitKind.WARD: Level.COMMUNE,
    UnitKind.RURAL_COMMUNE: Level.COMMUNE,
    UnitKind.TOWNSHIP: Level.COMMUNE,
    UnitKind.SPECIAL_ZONE: Level.COMMUNE,
}
