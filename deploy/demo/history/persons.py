"""Invented people in the texts: what must never leave the vault.

Telephone numbers are in 095, which no operator has any more; identity numbers carry a
century digit that none is issued with. So neither can be a living person's.
"""

from dataclasses import dataclass

from deploy.demo.history.dice import Dice

SURNAMES = ("Ngô", "Đỗ", "Bùi", "Đặng", "Vũ", "Hoàng", "Dương", "Lương", "Tạ", "Mai", "Phùng")
WOMEN = ("Thị Bích Quyên", "Thị Thu Ngân", "Thị Mỹ Duyên", "Thị Kim Xuyến", "Thị Hạnh Dung")
MEN = ("Quảng Lợi", "Bá Thiện", "Hữu Nghiêm", "Đức Khiêm", "Xuân Toản", "Mạnh Quyết")
SHARE_PERMILLE = 60
"""How many of a thousand texts hold a personal datum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A sentence that names a person, and the strings in it that must not leak."""

    sentence: str
    planted: tuple[str, ...]


def mention(dice: Dice, key: str) -> Mention | None:
    """Return the mention of a person in the text `key`; None for most texts."""
    if not dice.permille(SHARE_PERMILLE, "mention", key):
        return None
    woman = dice.permille(500, "woman", key)
    title = "bà" if woman else "ông"
    given = dice.pick(WOMEN if woman else MEN, "given", key)
    name = f"{dice.pick(SURNAMES, 'surname', key)} {given}"
    phone = f"095{dice.below(10**7, 'phone', key):07d}"
    identity = f"0019{dice.below(10**8, 'identity', key):08d}"
    forms = (
        Mention(sentence=f"Liên hệ {title} {name}, điện thoại {phone}.", planted=(name, phone)),
        Mention(sentence=f"Người phản ánh: {title} {name}.", planted=(name,)),
        Mention(sentence=f"Số điện thoại liên hệ: {phone}.", planted=(phone,)),
        Mention(
            sentence=f"Hồ sơ đứng tên {title} {name}, căn cước số {identity}.",
            planted=(name, identity),
        ),
    )
    return dice.pick(forms, "form", key)
