"""The XML inside a workbook, read as a stream: no tree, and every quantity bounded.

A document type is refused where it begins, and with it every entity, inner or outer.
"""

from collections.abc import Iterable
from typing import Protocol
from xml.parsers import expat

from shared.kernel.errors import BadInput, TooLarge

ELEMENT_LIMIT = 2_000_000
"""Elements of one part: twice what 20,000 rows of every documented column take, and more."""
DEPTH_LIMIT = 64
TOKEN_LIMIT_BYTES = 256 * 2**10
"""The longest tag: older expat reads an unfinished one again with every chunk."""

Attributes = dict[str, str]


class Listener(Protocol):
    """Who is told what the parser meets. Names come without their prefix."""

    def opened(self, name: str, attributes: Attributes) -> None:
        """Hear that an element begins."""

    def text(self, text: str) -> None:
        """Hear some characters, in pieces of any length."""

    def closed(self, name: str) -> None:
        """Hear that an element ends."""


def _refuse_document_type(*_: object) -> None:
    raise BadInput("workbook.document_type")


def scan(chunks: Iterable[bytes], listener: Listener, part: str) -> None:
    """Tell `listener` all of an XML part.

    Raises BadInput: `workbook.document_type`, `workbook.damaged` (naming `part`);
    TooLarge: `workbook.too_many_cells`.
    """
    parser = expat.ParserCreate()
    elements = depth = 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal elements, depth
        elements += 1
        depth += 1
        if elements > ELEMENT_LIMIT:
            raise TooLarge("workbook.too_many_cells", limit=ELEMENT_LIMIT)
        if depth > DEPTH_LIMIT:
            raise BadInput("workbook.damaged", part=part)
        listener.opened(name.rpartition(":")[2] if ":" in name else name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        listener.closed(name.rpartition(":")[2] if ":" in name else name)

    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = listener.text
    fed_bytes = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)  # noqa: FBT003 - positional in expat
            fed_bytes += len(chunk)
            if fed_bytes - parser.CurrentByteIndex > TOKEN_LIMIT_BYTES:
                raise BadInput("workbook.damaged", part=part)
        parser.Parse(b"", True)  # noqa: FBT003
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BadInput("workbook.damaged", part=part) from error
