"""Kiểm chứng một số liệu đã công bố từ gói của nó: không cần tin ai, không cần mạng.

Proves a published figure from its bundle, trusting nobody, without network, writing nothing.
Read this file before you run it. It needs Python 3.11 and the package `cryptography`.

    python -I verify_bundle.py FILE.zip --key VKEY [--key VKEY …]

`--key`: verifier key of a log, got from its owner and not from the bundle; one for each log.
Exit status: 0 proven, 1 disproven, 2 can't tell. What is done, in this order:

1. the zip: only stored members under plain names, so nothing can unpack to more than it is;
2. that the report is public was announced in Reporting's signed log: a Merkle proof;
3. report, SQL and province files have the digests that were announced;
4. of every log that is counted all entries are here from the first one on, none left out or
   altered: they lead to a root that the log's signed checkpoint proves to be its beginning;
5. the SQL is run over those entries, in SQLite, and every figure compared with the report.

Formats: RFC 6962; C2SP signed-note, tlog-checkpoint, tlog-tiles and tlog-proof.
"""

import argparse
import base64
import json
import re
import sqlite3
import stat
import struct
import sys
import time
import tomllib
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Json = dict[str, Any]
Rows = dict[Any, Json]
Pair = tuple[bytes, bytes] | None
Key = tuple[str, bytes, Ed25519PublicKey]
MEMBERS_MAX, MEMBER_MAX_BYTES, ZIP_MAX_BYTES, SQL_MAX_S = 65_534, 64 << 20, 0xFFFFFFFF, 600
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._+-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._+-]*)*")
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
END_BYTES, WIDTH, LEAF = 22, 256, b"\0"
FUNCTIONS = {"abs", "coalesce", "count", "max", "min", "nullif", "substr", "sum"}
PLACE = ("province", "origin", "position", "event_id")
MEASURES: tuple[str, ...] = ("sessions", "attendances", "participants", "opinions", "contributions")
MEASURES += ("speaking_turns", "answered")  # what declared results may state


class Disproven(Exception):  # noqa: N818 - a verdict
    """Something is not what it is claimed to be."""


class Unknown(Exception):  # noqa: N818 - a verdict
    """Nobody can tell: this is no bundle, or something is missing."""


def say(text: str) -> None:
    """Print a line that nothing in a bundle can make a terminal obey."""
    line = "".join(letter if letter.isprintable() else "?" for letter in text)
    sys.stdout.buffer.write(f"{line}\n".encode())


class Bundle:
    """The members of a zip that can't be a bomb, a trap or a riddle; read one at a time."""

    def __init__(self, file: BinaryIO) -> None:
        self.name = "zip"  # what is being read
        size = file.seek(0, 2)
        file.seek(max(0, size - 20 - END_BYTES))
        end = file.read()
        if not END_BYTES <= size <= ZIP_MAX_BYTES or end[-END_BYTES:][:4] != b"PK\5\6":
            raise Unknown("không phải tệp zip, hoặc bị cắt / no zip, or not all of it")
        count, directory_bytes = struct.unpack("<HI", end[-12:-6])
        if count > MEMBERS_MAX or directory_bytes > 512 * count or end[:4] == b"PK\6\7":
            raise Unknown("zip quá lớn / this zip has too many members")
        self._zip = zipfile.ZipFile(file)
        self.left: set[str] = set()  # members that nothing has asked for yet
        for info in self._zip.infolist():
            name, kind = info.orig_filename, stat.S_IFMT(info.external_attr >> 16)
            if name != info.filename or not NAME.fullmatch(name) or name in self.left:
                raise Unknown("zip: tên không an toàn hoặc lặp lại / an unsafe or repeated name")
            stored = (0, zipfile.ZIP_STORED, info.file_size)
            is_stored = (info.flag_bits, info.compress_type, info.compress_size) == stored
            if not is_stored or kind not in (0, stat.S_IFREG) or info.file_size > MEMBER_MAX_BYTES:
                raise Unknown(f"zip: nén, mã hóa, liên kết / compressed, encrypted, a link: {name}")
            self.left.add(name)
        if len(self.left) != count or sum(i.file_size for i in self._zip.infolist()) > size:
            raise Unknown("zip hỏng, các tệp chồng lên nhau / damaged zip, or members overlap")

    def read(self, name: str) -> bytes:
        """Return the content of a member."""
        self.name = name
        self.left.discard(name)
        return self._zip.read(name)


def parse(content: bytes) -> Any:
    """Return a JSON object that has one meaning only: no name stands in it twice."""

    def once(pairs: list[tuple[str, Any]]) -> Json:
        if len(dict(pairs)) != len(pairs):
            raise ValueError
        return dict(pairs)

    return json.loads(content, object_pairs_hook=once)


def base64_of(text: str) -> bytes:
    """Return what `text` says in its one base64 spelling."""
    content = base64.b64decode(text, validate=True)
    if base64.b64encode(content).decode() != text:
        raise ValueError
    return content


def parse_key(text: str) -> Key:
    """Return name, id and public key of a log's verifier key, `<name>+<id>+<base64>`."""
    name, key_id, encoded = text.strip().split("+", 2)
    content = base64_of(encoded)
    hashed = sha256(name.encode() + b"\n" + content).digest()[:4]
    if content[:1] != b"\1" or hashed.hex() != key_id:
        raise ValueError
    return name, hashed, Ed25519PublicKey.from_public_bytes(content[1:])


def open_note(note: bytes, origin: str, keys: Iterable[Key]) -> tuple[int, bytes]:
    """Return size and root of a log's checkpoint, signed by one of its keys."""
    text, gap, below = note.decode().rpartition("\n\n")
    lines = [line.split(" ") for line in below.removesuffix("\n").split("\n")]
    signed = [(name, base64_of(content)) for dash, name, content in lines if dash == "—"]
    name, size, root = text.split("\n")
    if not gap or len(signed) != len(lines) or not re.fullmatch("[1-9][0-9]{0,18}", size):
        raise ValueError
    made = [(k[2], c[4:]) for k in keys for n, c in signed if (n, c[:4]) == k[:2] == (origin, k[1])]
    try:
        for public, signature in made:
            public.verify(signature, f"{text}\n".encode())
    except InvalidSignature:
        raise Disproven(f"chữ ký sai / wrong signature: {origin}") from None
    if name != origin or not made:
        raise (Unknown if name == origin else Disproven)(f"thiếu chữ ký / not signed: {origin}")
    return int(size), base64_of(root)


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash above two hashes. Source: RFC 6962, section 2.1, also for `LEAF`."""
    return sha256(b"\1" + left + right).digest()


def climb(start: int, last: int, older: bytes, newer: bytes, proof: Iterable[bytes]) -> Pair:
    """Return the two roots that a proof leads to; None when it is too long or too short.

    Source: RFC 9162, sections 2.1.3.2 and 2.1.4.2. Of an inclusion proof only `newer` counts.
    """
    for beside in proof:
        if last == 0:
            return None
        if start & 1 or start == last:
            older, newer = node(beside, older), node(beside, newer)
            while start and not start & 1:
                start, last = start >> 1, last >> 1
        else:
            newer = node(newer, beside)
        start, last = start >> 1, last >> 1
    return (older, newer) if last == 0 else None


def is_beginning(size1: int, root1: bytes, size2: int, root2: bytes, proof: list[bytes]) -> bool:
    """Tell whether `proof` shows that the tree of `size2` entries begins with that of `size1`."""
    if size1 == size2:
        return root1 == root2 and not proof
    path = proof if size1 & (size1 - 1) else [root1, *proof]
    start, last = size1 - 1, size2 - 1
    if size1 > size2 or not path:
        return False
    while start & 1:
        start, last = start >> 1, last >> 1
    return climb(start, last, path[0], path[0], path[1:]) == (root1, root2)


def announcement(bundle: Bundle, keys: Sequence[Key]) -> Any:
    """Return the event that made the report public, proven to stand in its log."""
    head, _, note = bundle.read("published.tlog-proof").partition(b"\n\n")
    heading, extra, index_line, *proof = head.decode().split("\n")
    content, index = base64_of(extra.removeprefix("extra ")), abs(int(index_line[6:]))
    event, leaf = parse(content), sha256(LEAF + content).digest()
    origin, named = event["source"], {log["origin"] for log in event["data"]["logs"]}
    if unknown := ", ".join(sorted({origin, *named} - {key[0] for key in keys})):
        raise Unknown(f"thiếu --key của sổ / no --key was given for: {unknown}")
    size, root = open_note(note, origin, keys)
    if (heading, index_line) != ("c2sp.org/tlog-proof@v1", f"index {index}") or index >= size:
        raise ValueError
    roots = climb(index, size - 1, leaf, leaf, map(base64_of, proof))
    if roots is None or roots[1] != root or event["type"] != "ReportPublished":
        raise Disproven(f"báo cáo không có trong sổ / not in the log: {origin} [{index}]")
    say(f"{origin} [{index}]: báo cáo đã công bố / the report is public, {event['time']}")
    return event


def entries_of(bundle: Bundle, origin: str, size: int) -> Iterator[bytes]:
    """Yield the first `size` entries of a log; a file that holds anything else is refused."""
    for first in range(0, size, WIDTH):
        width, index = min(WIDTH, size - first), first // WIDTH
        above = [f"x{index // n % 1000:03}/" for n in (1_000_000, 1_000) if index >= n]
        name = f"logs/{origin}/tile/entries/{''.join(above)}{index % 1000:03}"
        content, at = bundle.read(name + (f".p/{width}" if width < WIDTH else "")), 0
        for _ in range(width):
            start = at + 2
            at = start + int.from_bytes(content[at:start])
            yield content[start:at]
        if at != len(content):
            raise ValueError


def check_log(bundle: Bundle, origin: str, size: int, keys: Sequence[Key]) -> str:
    """Return when the last of the first `size` entries was recorded: all are as the log signed."""
    entry, peaks = b"", list[tuple[int, bytes]]()  # the complete subtrees: height, root
    for entry in entries_of(bundle, origin, size):
        height, root = 0, sha256(LEAF + entry).digest()
        while peaks and peaks[-1][0] == height:
            height, root = height + 1, node(peaks.pop()[1], root)
        peaks.append((height, root))
    root = reduce(lambda right, left: node(left, right), (h for _, h in reversed(peaks)))
    signed_size, signed_root = open_note(bundle.read(f"logs/{origin}/checkpoint"), origin, keys)
    *proof, end = bundle.read(f"logs/{origin}/consistency").decode().split("\n")
    hashes = [base64_of(line) for line in proof]
    if end or not is_beginning(size, root, signed_size, signed_root, hashes):
        raise Disproven(f"mục bị sửa hoặc bỏ sót / entries altered or left out: {origin}")
    say(f"{origin}: đủ {size} mục đầu / the first {size} entries, none left out or altered")
    return str(parse(entry)["time"])


class Tables:
    """The events that a query names: a table for each type, and `<Type>__<field>` for lists."""

    def __init__(self, shapes: Json, sql: str) -> None:
        self.database = sqlite3.connect("")  # on disc where memory is short
        self._tables: defaultdict[str, list[tuple[str, str, Json]]] = defaultdict(list)
        for name, shape in shapes.items():
            event_type, _, field = name.partition("__")
            if not all(re.fullmatch("[A-Za-z_]+", word) for word in (name, *shape["columns"])):
                raise ValueError
            if re.search(rf"\b{name}\b", sql):
                columns = ", ".join(f'"{word}"' for word in (*PLACE, *shape["columns"]))
                self.database.execute(f"CREATE TABLE {name} ({columns})")
                self._tables[event_type].append((name, field, shape))

    def add(self, event: Json, origin: str, position: int) -> None:
        """Add what the entry at `position` says. A field that is left out is NULL."""
        for name, field, shape in self._tables.get(event["type"], ()):
            if event["schemaversion"] not in shape["versions"]:
                raise Unknown(f"phiên bản không đọc được / schema: {origin} [{position}]")
            for item in event["data"].get(field, ()) if field else (event["data"],):
                stated = item if isinstance(item, dict) else {"value": item}
                row = [origin.split("/")[1], origin, position, event["id"]]
                for column, kind in shape["columns"].items():
                    bare = column.removeprefix("data_")
                    value = stated.get(bare if bare in PLACE else column)
                    right = {"text": str, "date": str, "int": int, "bool": bool}[kind]
                    is_right = value is None or type(value) is right
                    if not is_right or (value and kind == "date" and not DAY.fullmatch(value)):
                        raise Unknown(f"trường sai kiểu / wrong type: {origin} [{position}]")
                    row.append(value)
                marks = ", ".join("?" * len(row))
                self.database.execute(f"INSERT INTO {name} VALUES ({marks})", row)  # noqa: S608

    def run(self, sql: str, cells: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield province, day, cells, measure, amount. The query may read these tables only."""
        over_at = time.monotonic() + SQL_MAX_S

        def allow(action: int, _: str | None, second: str | None, *_more: str | None) -> int:
            is_function = action == sqlite3.SQLITE_FUNCTION and second in FUNCTIONS
            may = is_function or action in (sqlite3.SQLITE_READ, sqlite3.SQLITE_SELECT)
            return sqlite3.SQLITE_OK if may else sqlite3.SQLITE_DENY

        self.database.set_authorizer(allow)
        self.database.set_progress_handler(lambda: time.monotonic() > over_at, 10_000)
        columns = ", ".join(("province", "day", *cells, "measure", "amount"))
        yield from self.database.execute(f"SELECT {columns} FROM ({sql})")  # noqa: S608


def figures(rows: Iterable[Any], head: Json, report: Json) -> tuple[Rows, Json]:
    """Return the measures of every group of the report, and their totals."""
    is_by_time = bool({"day", "month"} & set(report["by"]))
    cells: defaultdict[Any, int] = defaultdict(int)
    for province, day, *cell, measure, amount in rows:
        if not (province and day and type(amount) is int and measure in head["measures"]):
            raise Unknown("câu SQL cho kết quả sai / the SQL yields what is no contribution")
        if report["from"] <= day <= report["to"]:
            cells[province, day if is_by_time else "", *cell, measure] += amount
    totals = dict.fromkeys(head["measures"], 0)
    groups: Rows = defaultdict(dict(totals).copy)
    for (province, day, *cell, measure), amount in cells.items():
        if amount:
            values = dict(zip(head["cells"], cell, strict=True))
            values |= {"province": province, "day": day, "month": day[:7]}
            groups[tuple(values[name] for name in report["by"])][measure] += amount
            totals[measure] += amount
    return groups, totals


def compare(row: Json, computed: Json | None, head: Json, declared: Json) -> None:
    """Return when a row says what was computed (None: nothing), and adds up what was declared."""
    for measure in head["measures"]:
        follows = computed[measure] if computed else None
        if row[measure] != follows:
            raise Disproven(f"{measure}: {row[measure]}; tính lại / recomputed: {follows}")
    for share, (part, whole) in head.get("shares", {}).items():
        if row[share] != ({"part": row[part], "whole": row[whole]} if computed else None):
            raise Disproven(f"{share}: {row[share]}")
    stated: Json = row["declared"] or dict.fromkeys(MEASURES)
    events = [declared[each] for each in stated.get("declarations", ())]
    for measure in MEASURES if events else ():
        values = [event.get(measure) for event in events]
        if stated[measure] != (None if None in values else sum(values)):
            raise Disproven(f"{measure}: khai báo / declared {stated[measure]}, not {values}")
    for each in row["differences"]:
        if (each["declared"], each["computed"]) != (stated[each["measure"]], row[each["measure"]]):
            raise Disproven(f"{each['measure']}: chênh lệch sai / no such difference")


def prove(bundle: Bundle, keys: Sequence[Key]) -> None:
    """Return when the report follows from the logs; say what was found on the way."""
    event = announcement(bundle, keys)
    claim, publisher = event["data"], event["source"].rpartition("/")[0]
    sizes = {log["origin"]: log["size"] for log in claim["logs"]}
    content, sql_file = bundle.read("report.json"), bundle.read("definition.sql")
    digests = [(claim["report_sha256"], content), (claim["statistic_sha256"], sql_file)]
    report = parse(content)
    used = [each["sha256"] for each in report["references"]]
    digests += [(each, bundle.read(f"references/{each}.toml")) for each in used]
    if any(sha256(found).hexdigest() != wanted for wanted, found in digests):
        raise Disproven("báo cáo, SQL hoặc tệp tham chiếu đã bị sửa / another digest")
    said = [claim[n] for n in ("statistic", "statistic_sha256", "period_from", "period_to", "by")]
    names = ("statistic", "statistic_sha256", "from", "to", "by", "logs", "provinces")
    if [report[n] for n in names] != [*said, claim["logs"], publisher.split("/")[1:]]:
        raise Disproven("báo cáo nói khác lời công bố / report and announcement differ")
    times = [check_log(bundle, origin, size, keys) for origin, size in sizes.items()]
    lines = sql_file.decode().splitlines()
    comments = [line[2:] for line in takewhile(lambda line: line.startswith("--"), lines)]
    head, sql = tomllib.loads("\n".join(comments)), "\n".join(lines[len(comments) :])
    tables, declared = Tables(parse(bundle.read("events.json")), sql), {}
    for origin, size in sizes.items():
        for position, content in enumerate(entries_of(bundle, origin, size)):
            entry = parse(content)
            if entry["source"] != origin or origin.rpartition("/")[0] != publisher:
                raise Disproven(f"mục của sổ khác / of another log: {origin} [{position}]")
            tables.add(entry, origin, position)
            if entry["type"] == "SessionResultsDeclared":
                declared[entry["data"]["declaration_id"]] = entry["data"]
    groups, totals = figures(tables.run(sql.strip().rstrip(";"), head["cells"]), head, report)
    for row in report["rows"]:
        group = None if row["scope"] else tuple(row[name] for name in report["by"])
        compare(row, groups.pop(group, None), head, declared)
    compare(report["totals"], totals, head, declared)
    if groups or report["known_at"] != max(times, default=None) or len(sizes) != len(claim["logs"]):
        raise Disproven("báo cáo bỏ sót dòng, hoặc sai thời điểm / rows left out, or another time")
    free = {"README.md", "verify_bundle.py", *(f"logs/{o}/keys" for o in (event["source"], *sizes))}
    if bundle.left - free:
        raise Unknown(f"tệp thừa / unaccounted for: {sorted(bundle.left - free)[:9]}")
    say(f"{head['name']}: tính lại, đúng mọi số / recomputed, every figure is right: {totals}")


def main() -> int:
    """Say the verdict and return the exit status."""
    asked = argparse.ArgumentParser(description="Kiểm chứng gói số liệu / prove a figure.")
    asked.add_argument("file", type=Path)
    asked.add_argument("--key", type=parse_key, action="append", default=[], metavar="VKEY")
    given, bundle = asked.parse_args(), None
    try:
        with given.file.open("rb") as file:
            bundle = Bundle(file)
            prove(bundle, given.key)
    except Disproven as reason:
        say(f"SAI, có bằng chứng / DISPROVEN: {reason}")
        return 1
    except Unknown as reason:
        say(f"KHÔNG KẾT LUẬN ĐƯỢC / CAN'T TELL: {reason}")
        return 2
    except Exception as fault:  # noqa: BLE001 - whatever a bundle holds ends in a verdict
        what = f"{bundle.name if bundle else given.file.name} ({type(fault).__name__})"
        say(f"KHÔNG KẾT LUẬN ĐƯỢC / CAN'T TELL: thiếu hoặc hỏng / missing or damaged: {what}")
        return 2
    say("ĐÚNG, có bằng chứng / PROVEN.")
    say("Không chứng minh: điều được ghi có thật, khóa là của chủ sổ, số khai báo đứng đúng chỗ.")
    say("Not proven: that records are true, keys the logs' own, declared results in their place.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
