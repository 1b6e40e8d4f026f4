"""Any uploaded file, told apart by its content, read into one clean sheet or refused."""

from collections.abc import Callable

from services.intake.workbook.archive import Archive
from services.intake.workbook.cells import Row, Sheet
from services.intake.workbook.delimited import read_delimited
from services.intake.workbook.spreadsheet import read_spreadsheet
from shared.kernel.errors import BadInput, TooLarge

FILE_LIMIT_BYTES = 20 * 2**20

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_COMPOUND_FILE_START = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_FOREIGN_STARTS = (b"<", b"%PDF", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x89PNG")


def weight_bytes(data: bytes) -> int:
    """Return how much there is to read: all that a zip archive holds, else the file itself.

    Raises TooLarge `workbook.file_too_large`, and as `Archive`.
    """
    _refuse_too_large(data)
    inflated = Archive(data).inflated_bytes if data.startswith(_ZIP_STARTS) else 0
    return max(len(data), inflated)


def read_workbook(
    data: bytes,
    *,
    sheet_name: str,
    is_heading_row: Callable[[Row], bool],
) -> Sheet:
    """Return the cleaned sheet named `sheet_name`, else the first; of a .csv, its only one.

    The name a file goes by decides nothing and is never asked for.
    Raises BadInput: `workbook.empty`, `workbook.legacy_xls`, `workbook.encrypted`,
    `workbook.not_a_workbook`, and those of `read_spreadsheet` and `read_delimited`;
    TooLarge: `workbook.file_too_large`, and theirs.
    """
    _refuse_too_large(data)
    if not data.strip():
        raise BadInput("workbook.empty")
    if data.startswith(_COMPOUND_FILE_START):
        encrypted = _ENCRYPTED_STREAM in data
        raise BadInput("workbook.encrypted" if encrypted else "workbook.legacy_xls")
    if data.startswith(_ZIP_STARTS):
        return read_spreadsheet(data, sheet_name)
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_FOREIGN_STARTS):
        raise BadInput("workbook.not_a_workbook")
    return read_delimited(data, is_heading_row)


def too_large() -> TooLarge:
    """Return the error of a file beyond the limit: `workbook.file_too_large`."""
    return TooLarge("workbook.file_too_large", limit_mb=FILE_LIMIT_BYTES // 2**20)


def _refuse_too_large(data: bytes) -> None:
    if len(data) > FILE_LIMIT_BYTES:
        raise too_large()
