"""The Vietnamese words that a digest may use for kinds of opinions and channels.

The first word of each entry is the official one, offered by the template's lists.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from services.intake.workbook.folding import fold
from shared.contracts.vocabulary import Channel, OpinionKind

E = TypeVar("E", bound=StrEnum)

KIND_WORDS: Mapping[OpinionKind, Sequence[str]] = {
    OpinionKind.REFLECTION: ("phản ánh",),
    OpinionKind.RECOMMENDATION: ("kiến nghị",),
    OpinionKind.PROPOSAL: ("đề xuất",),
    OpinionKind.CONTRIBUTION: ("góp ý",),
    OpinionKind.CONSULTATION: ("tham vấn",),
    OpinionKind.ASPIRATION: ("tâm tư, nguyện vọng", "tâm tư", "nguyện vọng"),
    OpinionKind.COMPLAINT: ("khiếu nại",),
    OpinionKind.DENUNCIATION: ("tố cáo",),
}

CHANNEL_WORDS: Mapping[Channel, Sequence[str]] = {
    Channel.DIRECT: ("trực tiếp", "gặp trực tiếp", "phản ánh trực tiếp"),
    Channel.SOCIAL_GROUP: (
        "nhóm mạng xã hội",
        "mạng xã hội",
        "Zalo",
        "Viber",
        "Zalo/Viber",
        "Zalo, Viber",
        "nhóm Zalo",
        "nhóm Viber",
        "nhóm Zalo/Viber",
        "nhóm Zalo, Viber",
    ),
    Channel.BRANCH_MEETING: (
        "sinh hoạt chi bộ, tổ dân phố",
        "sinh hoạt chi bộ/tổ dân phố",
        "sinh hoạt chi bộ",
        "sinh hoạt tổ dân phố",
        "họp chi bộ",
        "họp tổ dân phố",
        "họp thôn",
    ),
    Channel.CITIZEN_RECEPTION: ("tiếp công dân", "tiếp dân"),
    Channel.VOTER_MEETING: ("tiếp xúc cử tri",),
    Channel.WRITTEN: ("đơn thư", "đơn, thư"),
    Channel.SESSION: ("phiên đối thoại", "tại phiên đối thoại", "hội nghị đối thoại"),
}


def _by_folded_word(words: Mapping[E, Sequence[str]]) -> Mapping[str, E]:
    """Return every accepted word, folded, and every identifier → what it means."""
    return {
        fold(word): meaning for meaning, names in words.items() for word in (meaning.value, *names)
    }


KINDS = _by_folded_word(KIND_WORDS)
CHANNELS = _by_folded_word(CHANNEL_WORDS)
KINDS_EXPECTED = "; ".join(names[0] for names in KIND_WORDS.values())
CHANNELS_EXPECTED = "; ".join(names[0] for names in CHANNEL_WORDS.values())
