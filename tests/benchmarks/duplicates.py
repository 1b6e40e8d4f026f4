"""Made-up opinions of a city, and the same ones told again: by the seed, always the same.

A matter is what troubles people at one place, what comes of it and what they ask for. Many
matters have a clause or two in common, word by word: those are the hard ones to tell apart.
"""

import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Retelling(StrEnum):
    """How an opinion that came before is told again."""

    MISSING_TONES = "missing_tones"
    WORD_ORDER = "word_order"
    TYPOS = "typos"
    PARAPHRASE = "paraphrase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What troubles people somewhere."""

    unit: str
    place: tuple[str, ...]
    """The place, in ways to name it."""
    trouble: str
    clauses: tuple[str, ...]
    """What comes of it, details, what is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An opinion as somebody typed it."""

    unit: str
    text: str


STREETS = (
    "Đội Cấn", "Ngọc Hà", "Liễu Giai", "Kim Mã", "Giảng Võ", "Núi Trúc", "Vạn Bảo", "Phan Kế Bính",
    "Đào Tấn", "Linh Lang", "Nguyễn Thái Học", "Cao Bá Quát", "Trần Phú", "Sơn Tây", "Thành Công",
    "Láng Hạ", "Hoàng Hoa Thám", "Thụy Khuê", "Phúc Xá", "An Dương", "Nghĩa Dũng", "Tân Ấp",
    "Quán Thánh", "Phan Đình Phùng", "Hàng Than", "Yên Ninh", "Châu Long", "Trúc Bạch", "Đặng Dung",
    "Cửa Bắc", "Nguyễn Trường Tộ", "Phó Đức Chính", "Nguyên Hồng", "Vĩnh Phúc", "Cống Vị",
    "Nguyễn Khánh Toàn", "Huỳnh Thúc Kháng", "Nam Cao", "Phạm Huy Thông", "Ngọc Khánh",
)  # fmt: skip
_STREETS_IN_A_WARD = 3
_NUMBERS = 60

TROUBLES: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("mỗi khi mưa lớn là ngập úng sâu đến đầu gối",
         "cứ mưa to lại ngập, nước dâng ngang đầu gối",
         "bị úng ngập nặng sau các trận mưa lớn"),
        ("xe máy chết máy hàng loạt, học sinh phải lội nước đi học",
         "các cháu học sinh lội nước tới trường, xe máy chết máy",
         "nước tràn vào nhà làm hỏng đồ đạc của nhiều hộ"),
        ("đề nghị nạo vét hệ thống cống thoát nước",
         "mong thành phố cải tạo, nạo vét cống thoát nước",
         "kiến nghị lắp máy bơm và thông cống trước mùa mưa"),
    ),
    (
        ("rác thải sinh hoạt tồn đọng nhiều ngày không được thu gom",
         "rác ùn ứ mấy ngày liền, xe thu gom rác không tới",
         "điểm tập kết rác thải bốc mùi vì chậm thu gom"),
        ("mùi hôi thối bốc vào nhà dân, ruồi nhặng nhiều",
         "ruồi muỗi sinh sôi, mùi hôi thối rất khó chịu",
         "ảnh hưởng sức khoẻ người già và trẻ nhỏ"),
        ("đề nghị công ty môi trường thu gom hằng ngày",
         "yêu cầu đơn vị vệ sinh môi trường tăng chuyến thu gom mỗi ngày",
         "mong chuyển điểm tập kết ra xa khu dân cư"),
    ),
    (
        ("đèn đường hỏng đã hơn một tháng, tối om",
         "hệ thống chiếu sáng công cộng không hoạt động, buổi tối tối om",
         "mấy cột đèn chiếu sáng bị cháy bóng từ tháng trước"),
        ("đã xảy ra hai vụ cướp giật túi xách",
         "phụ nữ đi làm về khuya bị giật túi xách",
         "người dân lo ngại tai nạn và trộm cắp"),
        ("đề nghị sửa chữa, thay bóng đèn chiếu sáng",
         "mong điện lực thay bóng và sửa đèn",
         "kiến nghị lắp thêm đèn tiết kiệm điện"),
    ),
    (
        ("xe tải chở vật liệu xây dựng chạy suốt đêm gây bụi",
         "xe chở đất cát, vật liệu rơi vãi bụi mù cả ngày lẫn đêm",
         "xe quá tải đi lại phá hỏng mặt đường, bụi bặm"),
        ("trẻ em bị ho, viêm họng kéo dài",
         "nhà cửa phủ đầy bụi, các cháu nhỏ viêm họng",
         "mặt đường lún nứt, nhiều ổ gà nguy hiểm"),
        ("đề nghị công an giao thông xử phạt xe quá tải",
         "mong lực lượng cảnh sát giao thông kiểm tra, xử phạt",
         "yêu cầu chủ đầu tư phủ bạt, tưới nước rửa đường"),
    ),
    (
        ("hộ kinh doanh lấn chiếm vỉa hè bán hàng ăn",
         "vỉa hè bị các quán ăn chiếm dụng bày bàn ghế",
         "hàng quán bày bán tràn lan ra lòng đường"),
        ("người đi bộ phải xuống lòng đường",
         "không còn lối cho người đi bộ, ùn tắc giờ tan tầm",
         "gây mất mỹ quan và ùn tắc giao thông"),
        ("đề nghị đội trật tự đô thị giải toả dứt điểm",
         "mong lực lượng trật tự đô thị xử lý dứt điểm lấn chiếm",
         "kiến nghị kẻ vạch và quy định giờ bán hàng"),
    ),
    (
        ("hồ sơ cấp giấy chứng nhận quyền sử dụng đất chậm trả gần một năm",
         "nộp hồ sơ làm sổ đỏ đã mười một tháng mà vẫn bị hẹn lại",
         "thủ tục cấp sổ đỏ cho các hộ dân kéo dài"),
        ("các gia đình không vay được vốn ngân hàng",
         "người dân đi lại nhiều lần, không thế chấp vay vốn được",
         "việc tách thửa cho con cái bị đình trệ"),
        ("đề nghị văn phòng đăng ký đất đai trả lời rõ thời gian",
         "yêu cầu chi nhánh văn phòng đất đai giải quyết đúng hẹn",
         "mong công khai danh sách hồ sơ còn tồn"),
    ),
    (
        ("công trình xây dựng không phép cơi nới thêm tầng",
         "nhà đang xây sai phép, tự ý nâng thêm hai tầng",
         "chủ nhà cơi nới chuồng cọp ra ngoài ban công chung cư"),
        ("làm nứt tường các nhà liền kề",
         "tường nhà hàng xóm bị nứt, nguy cơ sụt lún",
         "cản trở lối thoát nạn khi cháy nổ"),
        ("đề nghị thanh tra xây dựng đình chỉ thi công",
         "mong đội quản lý trật tự xây dựng lập biên bản, đình chỉ",
         "yêu cầu tháo dỡ phần vi phạm"),
    ),
    (
        ("nước sinh hoạt có mùi tanh và vẩn đục",
         "nguồn nước máy đục ngầu, mùi tanh của bùn",
         "nước máy yếu, các tầng cao mất nước liên tục"),
        ("nhiều hộ phải mua nước đóng bình để nấu ăn",
         "bà con phải mua nước bình về dùng",
         "trẻ nhỏ bị mẩn ngứa, dị ứng ngoài da"),
        ("đề nghị công ty nước sạch xét nghiệm, thau rửa bể",
         "mong nhà máy nước kiểm tra, thau rửa đường ống",
         "kiến nghị công khai kết quả xét nghiệm chất lượng nước"),
    ),
    (
        ("quán karaoke mở nhạc quá to tới nửa đêm",
         "loa kéo và karaoke ồn ào đến 23 giờ",
         "tiếng ồn từ quán bia kéo dài quá nửa đêm"),
        ("người già mất ngủ, học sinh không ôn thi được",
         "các cháu không học bài nổi, người cao tuổi mất ngủ",
         "dân cư bức xúc cãi vã với chủ quán"),
        ("đề nghị công an phường nhắc nhở, xử phạt tiếng ồn",
         "mong công an khu vực kiểm tra và xử phạt",
         "yêu cầu rút giấy phép kinh doanh nếu tái phạm"),
    ),
    (
        ("trường mầm non công lập thiếu lớp cho trẻ 3 tuổi",
         "thiếu chỗ học mầm non, phải bốc thăm suất vào trường",
         "lớp mẫu giáo quá đông, 55 cháu một lớp"),
        ("phụ huynh phải gửi con ở nhóm trẻ tư đắt đỏ",
         "cha mẹ trẻ phải nghỉ làm trông con hoặc gửi nhóm tư thục",
         "cô giáo không quán xuyến nổi các cháu"),
        ("đề nghị xây thêm phòng học trên quỹ đất trống",
         "mong quận bố trí quỹ đất mở rộng trường",
         "kiến nghị tuyển thêm giáo viên hợp đồng"),
    ),
    (
        ("chợ cóc họp ngay đầu ngõ từ sáng sớm",
         "chợ tạm tự phát chiếm hết lối ra vào",
         "tiểu thương tụ tập bán cá thịt dưới lòng đường"),
        ("nước thải cá thịt chảy lênh láng",
         "nước bẩn đổ ra đường, xe cứu thương không vào được",
         "gây tắc đường mỗi buổi sáng"),
        ("đề nghị dẹp chợ và bố trí điểm bán hợp lý",
         "mong xoá chợ tạm, đưa tiểu thương vào chợ dân sinh",
         "yêu cầu chốt trực giữ gìn trật tự thường xuyên"),
    ),
    (
        ("dây điện, cáp viễn thông chằng chịt sà xuống thấp",
         "cáp mạng rủ xuống ngang đầu người đi xe máy",
         "cột điện nghiêng sắp đổ, dây điện bùng nhùng"),
        ("đã có người vướng dây ngã xe",
         "một cụ già bị vướng cáp ngã gãy tay",
         "nguy cơ chập cháy vào mùa nắng nóng"),
        ("đề nghị hạ ngầm hoặc bó gọn dây cáp",
         "mong các nhà mạng bó gọn, thanh thải cáp thừa",
         "kiến nghị điện lực thay cột mới"),
    ),
    (
        ("cây xà cừ cổ thụ mục gốc nghiêng vào nhà dân",
         "cây cổ thụ bị sâu mục, cành khô treo trên mái nhà",
         "hàng cây xanh lâu ngày không được cắt tỉa"),
        ("mùa mưa bão rất dễ gãy đổ",
         "chỉ cần gió lớn là cành gãy rơi xuống đường",
         "che khuất biển báo và đèn tín hiệu"),
        ("đề nghị công ty cây xanh chặt hạ, thay thế",
         "mong đơn vị cây xanh cắt tỉa trước mùa bão",
         "kiến nghị khảo sát toàn bộ cây nguy hiểm"),
    ),
    (
        ("trợ cấp người có công chi trả muộn ba tháng",
         "tiền phụ cấp thương binh từ đầu năm chưa nhận được",
         "chế độ bảo trợ xã hội cho người khuyết tật bị cắt không rõ lý do"),
        ("các cụ tuổi cao không có tiền thuốc men",
         "gia đình chính sách gặp khó khăn",
         "người nhà hỏi nhiều nơi không ai giải thích"),
        ("đề nghị phòng lao động chi trả đúng kỳ",
         "mong cán bộ chính sách rà soát, truy lĩnh đầy đủ",
         "yêu cầu trả lời bằng văn bản cho gia đình"),
    ),
    (
        ("dự án mở rộng đường treo hơn mười năm",
         "quy hoạch treo từ lâu, đất nằm trong chỉ giới đỏ",
         "giải phóng mặt bằng dở dang, để lại nhà siêu mỏng"),
        ("nhà xuống cấp không được sửa chữa",
         "bà con không được cấp phép sửa nhà, sống tạm bợ",
         "hàng trăm hộ không yên tâm làm ăn"),
        ("đề nghị công bố rõ tiến độ hoặc huỷ dự án",
         "mong thành phố trả lời dứt khoát làm hay bỏ quy hoạch",
         "kiến nghị bồi thường theo giá thị trường và tái định cư tại chỗ"),
    ),
    (
        ("nhà văn hoá khu dân cư xuống cấp dột nát",
         "điểm sinh hoạt cộng đồng bị khoá, cho thuê bán hàng",
         "tổ dân phố chưa có chỗ hội họp"),
        ("các chi hội không có chỗ sinh hoạt",
         "người cao tuổi và thiếu nhi thiếu sân chơi",
         "mỗi lần họp phải mượn nhà dân"),
        ("đề nghị cấp kinh phí tu sửa nhà văn hoá",
         "mong chính quyền thu hồi, trả lại nơi sinh hoạt chung",
         "kiến nghị lắp dụng cụ thể dục ngoài trời"),
    ),
    (
        ("bộ phận một cửa hướng dẫn không thống nhất",
         "cán bộ tiếp nhận hồ sơ yêu cầu bổ sung giấy tờ nhiều lần",
         "thủ tục trực tuyến bị lỗi không nộp được hồ sơ"),
        ("người dân phải nghỉ việc đi lại năm lần",
         "một giấy khai sinh làm mất nửa tháng",
         "người lớn tuổi không biết thao tác trên mạng"),
        ("đề nghị chấn chỉnh thái độ phục vụ",
         "mong niêm yết rõ thành phần hồ sơ, phục vụ đúng mực",
         "yêu cầu bố trí người hỗ trợ nộp trực tuyến"),
    ),
    (
        ("bãi trông giữ xe không phép thu tiền quá quy định",
         "điểm gửi xe tự phát chặt chém khách 20 nghìn một lượt",
         "ô tô đỗ kín hai bên đường ngày đêm"),
        ("xe cứu hoả không thể vào khi có sự cố",
         "cửa nhà bị bịt kín, nhiều lần cãi nhau",
         "người đi khám bệnh rất bức xúc"),
        ("đề nghị kiểm tra giấy phép và niêm yết giá",
         "mong xử lý nghiêm bãi xe trái phép",
         "kiến nghị cắm biển cấm đỗ theo giờ"),
    ),
    (
        ("đàn chó thả rông không rọ mõm",
         "nhiều nhà nuôi chó to thả ra đường không đeo rọ mõm",
         "chó mèo phóng uế bừa bãi ở vườn hoa"),
        ("một cháu bé bị cắn phải tiêm phòng dại",
         "đã có trẻ em bị chó cắn phải nhập viện",
         "các cụ không dám đi tập dưỡng sinh"),
        ("đề nghị lập tổ bắt chó thả rông",
         "mong phường tuyên truyền và xử phạt chủ nuôi",
         "yêu cầu tiêm phòng bắt buộc toàn bộ vật nuôi"),
    ),
    (
        ("hồ nước ô nhiễm, cá chết nổi trắng mặt hồ",
         "cá chết hàng loạt, nước hồ chuyển màu đen",
         "nước thải chưa xử lý xả thẳng xuống hồ"),
        ("mùi hôi nồng nặc khắp khu",
         "cả khu phố hứng mùi tanh hôi nồng nặc",
         "không ai dám đi dạo quanh bờ hồ nữa"),
        ("đề nghị vớt cá chết và xử lý nguồn xả thải",
         "mong sở xây dựng tách nước thải, làm sạch hồ",
         "kiến nghị lắp trạm quan trắc chất lượng nước hồ"),
    ),
)  # fmt: skip

_OPENINGS = (
    "Kính đề nghị lãnh đạo quan tâm:", "Bà con tổ dân phố phản ánh:", "Tôi xin nêu ý kiến:",
    "Cử tri kiến nghị:", "", "", "Thay mặt các hộ dân,", "Thưa đồng chí chủ trì,",
)  # fmt: skip
_DETAILS = (
    "tình trạng này có từ tháng {month}", "khoảng {many} hộ bị ảnh hưởng",
    "đã phản ánh {few} lần ở tổ dân phố {few} mà chưa được trả lời", "đoạn gần trường tiểu học",
    "nhất là quãng gần trạm biến áp số {few}", "riêng dãy nhà tập thể B{few} nặng nhất",
    "cuộc họp ngày {many} tháng {month} đã nêu", "đoạn dài chừng {many}0 mét",
    "ngay cạnh trạm y tế", "đối diện đình làng", "phía sau ngân hàng", "chỗ rẽ vào chùa",
    "trước cửa siêu thị", "sát tường bệnh viện", "bên kia cầu vượt đi bộ", "gần bến xe buýt",
)  # fmt: skip
_OTHER_WORDS = (
    ("đề nghị", "kiến nghị"), ("mong", "mong muốn"), ("yêu cầu", "đề xuất"),
    ("người dân", "bà con"), ("các cháu", "trẻ em"), ("người già", "người cao tuổi"),
    ("xử phạt", "phạt nghiêm"), ("sửa chữa", "khắc phục"), ("hỏng", "hư"),
    ("ngập úng", "úng ngập"), ("mưa lớn", "mưa to"), ("thu gom", "dọn"),
    ("rác thải", "rác"), ("chiếu sáng", "đèn đường"), ("kiểm tra", "rà soát"),
    ("nhà dân", "nhà các hộ"), ("gần", "cạnh"), ("chậm", "muộn"), ("nhiều", "hàng loạt"),
    ("ảnh hưởng", "tác động"), ("lòng đường", "mặt đường"), ("chưa được", "không được"),
    ("tháng trước", "một tháng nay"), ("xuống cấp", "hư hại"), ("tổ dân phố", "khu phố"),
    ("giải toả", "dẹp bỏ"), ("dứt điểm", "triệt để"), ("hồ sơ", "giấy tờ"),
    ("mùi hôi thối", "mùi khó chịu"), ("ùn tắc", "tắc nghẽn"), ("nguy hiểm", "mất an toàn"),
)  # fmt: skip


def matters(chance: random.Random, count: int) -> list[Matter]:
    """Return `count` matters, no two of the same trouble at the same place."""
    every = [
        (street, number, trouble)
        for street in range(len(STREETS))
        for number in range(1, _NUMBERS)
        for trouble in range(len(TROUBLES))
    ]
    return [_matter(chance, *each) for each in chance.sample(every, count)]


def any_matter(chance: random.Random) -> Matter:
    """Return a matter of a city with longer streets, for sets of any size."""
    street, trouble = chance.randrange(len(STREETS)), chance.randrange(len(TROUBLES))
    return _matter(chance, street, chance.randint(1, 50 * _NUMBERS), trouble)


def _matter(chance: random.Random, street: int, number: int, trouble: int) -> Matter:
    name, (troubles, consequences, requests) = STREETS[street], TROUBLES[trouble]
    details = [
        detail.format(
            month=chance.randint(1, 12), many=chance.randint(11, 29), few=chance.randint(2, 9)
        )
        for detail in chance.sample(_DETAILS, 2)
    ]
    return Matter(
        unit=f"phuong-{street // _STREETS_IN_A_WARD}",
        place=(
            f"ngõ {number} phố {name}",
            f"ngõ số {number} đường {name}",
            f"khu vực đầu ngõ {number} {name}",
            f"{name}, ngõ {number}",
        ),
        trouble=chance.choice(troubles),
        clauses=(chance.choice(consequences), *details, chance.choice(requests)),
    )


def told(chance: random.Random, matter: Matter) -> Told:
    """Return the matter as somebody tells it."""
    return Told(unit=matter.unit, text=_sentence(chance, _clauses(chance, matter)))


def retold(chance: random.Random, matter: Matter, first: Told, how: Retelling) -> Told:
    """Return the same matter told again, one in ten times at another unit."""
    elsewhere = chance.random() < 0.1
    unit = "quan" if elsewhere else matter.unit
    return Told(unit=unit, text=_RETELLERS[how](chance, matter, first.text))


def _clauses(chance: random.Random, matter: Matter) -> list[str]:
    place = chance.choice(matter.place)
    where = chance.choice((f"{place} {matter.trouble}", f"{matter.trouble} ở {place}"))
    return [where, *matter.clauses]


def _sentence(chance: random.Random, clauses: Sequence[str]) -> str:
    joined = chance.choice((", ", ". ", "; ")).join(clauses)
    return f"{chance.choice(_OPENINGS)} {joined}.".strip()


def _without_tones(chance: random.Random, _matter: Matter, text: str) -> str:
    """Return the text as typed without marks: all of it, or words here and there."""
    words = text.split()
    share = chance.choice((1.0, 0.5))
    return " ".join(_bare(word) if chance.random() < share else word for word in words)


def _bare(word: str) -> str:
    letters = unicodedata.normalize("NFD", word).replace("đ", "d").replace("Đ", "D")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _reordered(chance: random.Random, _matter: Matter, text: str) -> str:
    """Return the text with its parts in another order."""
    rest = text.rstrip(".").replace(";", ",").replace(".", ",").split(", ")
    chance.shuffle(rest)
    return f"{', '.join(rest)}."


def _mistyped(chance: random.Random, _matter: Matter, text: str) -> str:
    """Return the text with a mistake in every seventh word or so."""
    return " ".join(
        _slip(chance, word) if len(word) > 1 and chance.random() < 1 / 7 else word
        for word in text.split()
    )


def _slip(chance: random.Random, word: str) -> str:
    at = chance.randrange(len(word) - 1)
    match chance.randrange(4):
        case 0:  # a letter too few
            return word[:at] + word[at + 1 :]
        case 1:  # two letters the wrong way round
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case 2:  # a letter twice
            return word[: at + 1] + word[at:]
        case _:  # a neighbour on the keyboard
            return word[:at] + chance.choice("qwertyuiopasdghklxcvbnm") + word[at + 1 :]


def _paraphrased(chance: random.Random, matter: Matter, text: str) -> str:
    """Return the matter in other words, the place named in another way, a detail left out."""
    others = [clause for clause in _clauses(chance, matter) if clause not in matter.clauses]
    kept = [clause for clause in matter.clauses if chance.random() > 1 / 5]
    chance.shuffle(kept)
    again = _sentence(chance, [*others, *kept])
    for word, other in _OTHER_WORDS:
        if chance.random() < 2 / 3:
            again = again.replace(word, other)
    return again


_RETELLERS: dict[Retelling, Callable[[random.Random, Matter, str], str]] = {
    Retelling.MISSING_TONES: _without_tones,
    Retelling.WORD_ORDER: _reordered,
    Retelling.TYPOS: _mistyped,
    Retelling.PARAPHRASE: _paraphrased,
}


def retellings(
    chance: random.Random, first: Sequence[tuple[Matter, Told]]
) -> Iterator[tuple[int, Retelling, Told]]:
    """Yield each opinion of `first` told again in every way, with its place there."""
    for place, (matter, original) in enumerate(first):
        for how in Retelling:
            yield place, how, retold(chance, matter, original, how)
