"""The conclusion notice on paper, in the form of Nghị định 30/2020/NĐ-CP. Pure.

Source: Nghị định số 30/2020/NĐ-CP, Phụ lục I (thể thức và kỹ thuật trình bày). Sizes and
margins are those of its Phần I, mục I and II.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from shared.texts import Catalogue

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FONT = "Times New Roman"
_CENTER, _JUSTIFY, _LEFT = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
    WD_ALIGN_PARAGRAPH.LEFT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One commitment in words."""

    product: str
    lead: str
    cooperating: tuple[str, ...]
    due_on: date
    opinions: int
    standing: str | None = None
    """In an amendment: kept, changed or new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What one notice says."""

    issuer: str
    number: str
    place: str
    issued_on: date
    title: str
    opening: Sequence[str]
    items: Sequence[Item]
    recipients: Sequence[str]
    signer: str


def render(words: Words, texts: Catalogue) -> bytes:
    """Return the notice as .docx."""
    paper = Document()
    _set_page(paper)
    _head(paper, words, texts)
    _line(paper.add_paragraph(), texts.text("documents.kind"), 14, bold=True, align=_CENTER)
    _line(paper.add_paragraph(), words.title, 14, bold=True, align=_CENTER)
    for sentence in words.opening:
        _body(paper, sentence)
    for number, item in enumerate(words.items, start=1):
        for sentence in _sentences(number, item, texts):
            _body(paper, sentence)
    _body(paper, texts.text("documents.closing"))
    _foot(paper, words, texts)
    made = BytesIO()
    paper.save(made)
    return made.getvalue()


def civil_day(day: date, texts: Catalogue) -> str:
    """Return "ngày 05 tháng 02 năm 2019": days below 10, and January and February, with 0."""
    month = f"{day.month:02d}" if day.month <= _FEBRUARY else str(day.month)
    return texts.text("documents.day", day=f"{day.day:02d}", month=month, year=str(day.year))


_FEBRUARY = 2


def _sentences(number: int, item: Item, texts: Catalogue) -> Sequence[str]:
    standing = f" ({item.standing})" if item.standing else ""
    found = [
        f"{number}. {item.product}{standing}",
        f"{texts.text('documents.lead')}: {item.lead}.",
    ]
    if item.cooperating:
        cooperating = "; ".join(item.cooperating)
        found.append(f"{texts.text('documents.cooperating')}: {cooperating}.")
    found.append(texts.text("documents.due", day=item.due_on))
    if item.opinions:
        found.append(texts.text("documents.opinions", count=item.opinions))
    return found


def _set_page(paper: Paper) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True  # the first page bears no number
    page = section.header.paragraphs[0]
    page.alignment = _CENTER
    for kind, instruction in (("begin", None), (None, "PAGE"), ("end", None)):
        run = page.add_run()
        run.font.name, run.font.size = _FONT, Pt(13)
        if kind is not None:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = instruction
        run._r.append(mark)  # noqa: SLF001 - the library has no fields
    style = paper.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(14)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(0)


def _head(paper: Paper, words: Words, texts: Catalogue) -> None:
    left, right = _two_cells(paper, Cm(6.5), Cm(10))
    _line(left.paragraphs[0], words.issuer.upper(), 13, bold=True, align=_CENTER)
    _rule(left.add_paragraph())
    number = texts.text("documents.number", number=words.number)
    _line(left.add_paragraph(), number, 13, align=_CENTER)
    _line(right.paragraphs[0], texts.text("documents.nation"), 13, bold=True, align=_CENTER)
    _line(right.add_paragraph(), texts.text("documents.motto"), 14, bold=True, align=_CENTER)
    _rule(right.add_paragraph())
    when = f"{words.place}, {civil_day(words.issued_on, texts)}"
    _line(right.add_paragraph(), when, 14, italic=True, align=_CENTER)
    paper.add_paragraph()


def _foot(paper: Paper, words: Words, texts: Catalogue) -> None:
    paper.add_paragraph()
    left, right = _two_cells(paper, Cm(8.5), Cm(8))
    to = texts.text("documents.recipients")
    _line(left.paragraphs[0], to, 12, bold=True, italic=True, align=_LEFT)
    ends = [";"] * (len(words.recipients) - 1) + ["."]
    for recipient, end in zip(words.recipients, ends, strict=True):
        _line(left.add_paragraph(), f"- {recipient}{end}", 11, align=_LEFT)
    _line(right.paragraphs[0], words.signer.upper(), 14, bold=True, align=_CENTER)
    _line(right.add_paragraph(), texts.text("documents.seal"), 13, italic=True, align=_CENTER)


def _two_cells(paper: Paper, left: Cm, right: Cm) -> tuple[_Cell, _Cell]:
    table = paper.add_table(rows=1, cols=2)
    table.autofit = False
    cells = table.rows[0].cells
    cells[0].width, cells[1].width = left, right
    return cells[0], cells[1]


def _body(paper: Paper, sentence: str) -> None:
    paragraph = paper.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    paragraph.paragraph_format.space_after = Pt(6)
    _line(paragraph, sentence, 14, align=_JUSTIFY)


def _line(
    paragraph: Paragraph,
    text: str,
    size_pt: int,
    *,
    align: WD_ALIGN_PARAGRAPH,
    bold: bool = False,
    italic: bool = False,
) -> None:
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.font.name, run.font.size = _FONT, Pt(size_pt)
    run.bold, run.italic = bold, italic


def _rule(paragraph: Paragraph) -> None:
    """Draw the line that stands under the issuer, and under the motto."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm(2)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - the library has no borders
