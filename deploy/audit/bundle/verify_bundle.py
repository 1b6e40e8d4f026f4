"""Kiểm chứng một số liệu đã công bố từ gói của nó: không cần tin ai, không cần mạng.

Proves a published figure from its bundle, trusting nobody, without network, writing nothing.
Read this file before you run it. It needs Python 3.11 and the package `cryptography`.

    python -I verify_bundle.py FILE.zip --key VKEY [--key VKEY …]

Each log's key comes from its owner, not from the bundle. Ends: 0 proven, 1 disproven, 2 can't tell.
All entries of every log that is counted must be here, as its checkpoint signs; the SQL is run over
them, and every figure, sum and difference of the report, announced in a log, must follow.
Formats: RFC 6962; C2SP signed-note, tlog-checkpoint, tlog-tiles and tlog-proof.
"""

import argparse
import base64
import json
import re
import sqlite3
import sys
import time
import tomllib
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Json = dict[str, Any]
Key = tuple[str, bytes, Ed25519PublicKey]
MEMBERS_MAX, MEMBER_MAX_BYTES, ZIP_MAX_BYTES, SQL_MAX_S = 65_534, 64 << 20, 0xFFFFFFFF, 600
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._+-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._+-]*)*")
END_BYTES, COUNTS, WIDTH, LEAF, TIMES = 22, ((-12, -10), (-10, -6)), 256, b"\0", {"day", "month"}
FUNCTIONS = {"abs", "coalesce", "count", "max", "min", "nullif", "substr", "sum"}
PLACE, ENDS = ("province", "origin", "position", "event_id"), ("period_from", "period_to")
TABLE = re.compile("(?:[A-Z][a-z]+)+(?:__[a-z_]+)?")
LISTED = {"units": "unit_name", "levels": "level", "session_kinds": "session_kind"}
LISTED |= {"modes": "mode", "sources": "source", "declarations": "declaration_id"}
LISTED |= {"approximate": "approximate", "derived": "derived"}
MEASURES = ["sessions", "attendances", "participants", "opinions", "contributions"]
MEASURES += ["speaking_turns", "answered"]  # what declared results may state


class Disproven(Exception):  # noqa: N818 - a verdict
    """Something is not what it is claimed to be."""


class Unknown(Exception):  # noqa: N818 - a verdict
    """Nobody can tell: this is no bundle, or something is missing."""


def say(text: str) -> None:
    """Print a line that nothing in a bundle can make a terminal obey."""
    sys.stdout.buffer.write("".join(n if n.isprintable() else "?" for n in text).encode() + b"\n")


class Bundle:
    """The members of a zip that can't be a bomb, a trap or a riddle; read one at a time."""

    def __init__(self, file: BinaryIO) -> None:
        self.name = "zip"  # what is being read
        size = file.seek(0, 2)
        file.seek(max(0, size - 20 - END_BYTES))
        end = file.read()
        count, directory_bytes = (int.from_bytes(end[n:m], "little") for n, m in COUNTS)
        is_zip = end[-END_BYTES:][:4] == b"PK\5\6" and end[:4] != b"PK\6\7"
        is_small = size <= ZIP_MAX_BYTES and directory_bytes <= 512 * count <= 512 * MEMBERS_MAX
        if not is_zip or not is_small:
            raise Unknown("không phải zip, bị cắt hoặc quá lớn / no zip, cut off, or too large")
        self._zip, at = zipfile.ZipFile(file), 0  # where the next member has to begin
        self.left: set[str] = set()  # members that nothing has asked for yet
        for one in self._zip.infolist():
            name, kind, length = one.orig_filename, one.external_attr >> 28, one.file_size
            is_plain = NAME.fullmatch(name) and name == one.filename and name not in self.left
            form = (kind in (0, 8), one.flag_bits, one.compress_type, one.compress_size)
            is_here = one.header_offset == at and length <= MEMBER_MAX_BYTES
            if not (is_plain and is_here) or form != (True, 0, zipfile.ZIP_STORED, length):
                why = "tên lạ, lặp lại, nén, mã hóa, liên kết, quá lớn hoặc chồng lên nhau"
                raise Unknown(f"zip: {why} / not a plain file, stored, in its place: {name}")
            self.left.add(name)
            at += 30 + len(name) + length
        if (len(self.left), at + directory_bytes + END_BYTES) != (count, size):
            raise Unknown("zip hỏng, hoặc có gì ngoài các tệp / damaged zip, or more than members")

    def read(self, name: str) -> bytes:
        """Return the content of a member."""
        self.name = name
        self.left.discard(name)
        return self._zip.read(name)


def parse(content: bytes) -> Any:
    """Return a JSON value that stands there in its one canonical spelling, every name once."""
    value = json.loads(content)
    spelt = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if spelt.encode() != content:
        raise ValueError
    return value


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
    for public, signature in made:
        public.verify(signature, f"{text}\n".encode())
    if name != origin or not made:
        raise (Unknown if name == origin else Disproven)(f"thiếu chữ ký / not signed: {origin}")
    return int(size), base64_of(root)


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash above two hashes. Source: RFC 6962, section 2.1, also for `LEAF`."""
    return sha256(b"\1" + left + right).digest()


def climb(start: int, last: int, older: bytes, newer: bytes, proof: Iterable[bytes]) -> Any:
    """Return the two roots a proof leads to, if any. Source: RFC 9162, 2.1.3.2 and 2.1.4.2."""
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
    path = proof if size1 & (size1 - 1) else [root1, *proof]
    if size1 >= size2 or not path:
        return size1 == size2 and root1 == root2 and not proof
    start, last = size1 - 1, size2 - 1
    while start & 1:
        start, last = start >> 1, last >> 1
    return bool(climb(start, last, path[0], path[0], path[1:]) == (root1, root2))


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
    if not roots or roots[1] != root or event["type"] != "ReportPublished":
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
    """A table of each type of events that a query names, whose columns are all of its words."""

    def __init__(self, shapes: Json, sql: str) -> None:
        self.database = sqlite3.connect("")  # on disc where memory is short
        bare = re.sub("--.*|'[^']*'", "", sql)
        self._versions = {name: shapes[name]["versions"] for name in TABLE.findall(bare)}
        self._words = [*PLACE, *sorted({*re.findall(r"\b[a-z_]+\b", bare)} - {*PLACE})]
        for name in self._versions:
            columns = ", ".join(f'"{word}"' for word in self._words)
            self.database.execute(f"CREATE TABLE {name} ({columns})")

    def add(self, event: Json, origin: str, position: int) -> None:
        """Add what the entry at `position` says, in plain fields."""
        place = dict(zip(PLACE, (origin.split("/")[1], origin, position, event["id"]), strict=True))
        for name in (n for n in self._versions if n.partition("__")[0] == event["type"]):
            if event["schemaversion"] not in self._versions[name]:
                raise Unknown(f"phiên bản không đọc được / schema: {origin} [{position}]")
            field, data = name.partition("__")[2], event["data"]
            for item in data.get(field) or () if field else (data,):
                said = item if isinstance(item, dict) else {"value": item}
                said = {f"data_{n}" if n in PLACE else n: v for n, v in said.items()} | place
                row = [v if isinstance(v, str | int) else None for v in map(said.get, self._words)]
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


def figures(rows: Iterable[Any], head: Json, claim: Json) -> Any:
    """Return the measures of every group of the report."""
    cells: defaultdict[Any, int] = defaultdict(int)
    for province, day, *cell, measure, amount in rows:
        if not (province and day and type(amount) is int and measure in head["measures"]):
            raise Unknown("câu SQL cho kết quả sai / the SQL yields what is no contribution")
        if claim["period_from"] <= day <= claim["period_to"]:
            cells[province, day if TIMES & {*claim["by"]} else "", *cell, measure] += amount
    groups: Any = defaultdict(lambda: dict.fromkeys(head["measures"], 0))
    for (province, day, *cell, measure), amount in cells.items():
        values = dict(zip(head["cells"], cell, strict=True))
        values |= {"province": province, "day": day, "month": day[:7]}
        if amount:
            groups[tuple(values[name] for name in claim["by"])][measure] += amount
    return groups


def agree(stated: Json, right: Json) -> None:
    """Return when `stated` says what is `right`, and nothing else."""
    for name, value in right.items():
        if json.dumps(stated[name], sort_keys=True) != json.dumps(value, sort_keys=True):
            raise Disproven(f"{name}: {stated[name]}; tính lại / recomputed: {value}")
    if stated.keys() - right:
        raise Unknown(f"trường lạ / unknown fields: {sorted(stated.keys() - right)[:9]}")


def compare(row: Json, named: Json, group: Json, head: Json, declared: Json) -> Any:
    """Return whose declarations a row shows; their place, and `incomparable`, is the row's word."""
    ids = (row["declared"] or {}).get("declarations", ())
    is_both = bool(group.pop("", group) and ids)
    right = named | {name: group.get(name) for name in head["measures"]}
    for share, (part, whole) in head.get("shares", {}).items():
        right[share] = {"part": group[part], "whole": group[whole]} if group else None
    amounts = {n: [declared[each].get(n) for each in ids] for n in MEASURES}
    said: Json = {n: None if None in each else sum(each) for n, each in amounts.items()}
    said["missing"] = [n for n, each in amounts.items() if None in each and {*each} != {None}]
    for name, field in LISTED.items():
        found = [v for each in ids if (v := declared[each].get(field))]
        said[name] = sorted({n for v in found for n in ([v] if isinstance(v, str) else v)})
    known = head.get("declared", ()) if is_both else ()
    both = [n for n in MEASURES if n in known and said[n] is not None]
    apart = [n for n in both if n in row["incomparable"]]
    about = [n for n in both if n in said["approximate"] and n not in apart]
    differ = [n for n in both if n not in (*about, *apart) and said[n] != right[n]]
    sides = [{"measure": n, "declared": said[n], "computed": right[n]} for n in differ]
    told = "different" if differ else "partial" if apart else "approximate" if about else "equal"
    right |= {"declared": said if ids else None, "missing": said["missing"]}
    right |= {"differences": sides, "incomparable": apart, "approximate": about}
    agree(row, right | {"status": told if is_both else "declared_only" if ids else "computed_only"})
    return ids


def compare_all(report: Json, claim: Json, groups: Any, head: Json, declared: Json) -> Json:
    """Return the totals; every row, and all that is declared of the period, stands there once."""
    totals = {n: sum(g[n] for g in groups.values()) for n in head["measures"]} | {"": bool(groups)}
    placed = list[str]()
    for row in report["rows"]:
        scope, named = row["scope"], {name: row[name] for name in (*claim["by"], "scope")}
        group = groups.pop(tuple(row[n] for n in claim["by"]), {}) if scope is None else {}
        ids = compare(row, named, group, head, declared)
        if not (group or ids) or scope not in (None, *(declared[n]["scope"] for n in ids)):
            raise Disproven(f"dòng không có căn cứ / nothing stands behind a row: {named}")
        placed += ids
    shown = {*placed, *compare(report["totals"], {}, totals, head, declared)}
    mine = {n for n, e in declared.items() if all(e[end] == claim[end] for end in ENDS)}
    is_all = shown == mine or (TIMES & {*claim["by"]} and shown < mine)
    is_once = not groups and len(placed) == len({*placed})
    if not (is_all and is_once) or report["declared_not_shown"] != len(declared) - len(shown):
        raise Disproven("báo cáo bỏ sót hoặc lặp dòng / rows are left out or stand twice")
    return totals


def prove(bundle: Bundle, keys: Sequence[Key]) -> None:
    """Return when the report follows from the logs; say what was found on the way."""
    event = announcement(bundle, keys)
    claim, publisher = event["data"], event["source"].rpartition("/")[0]
    sizes = {log["origin"]: log["size"] for log in claim["logs"]}
    files = [bundle.read(name) for name in ("events.json", "definition.sql", "report.json")]
    digests, lines = [sha256(each).hexdigest() for each in files], files[1].decode().splitlines()
    start = next(n for n, line in enumerate(lines) if not line.startswith("--"))
    head, sql = tomllib.loads("\n".join(n[2:] for n in lines[:start])), "\n".join(lines[start:])
    announced = [claim[n] for n in ("statistic_sha256", "report_sha256", "statistic")]
    if announced != [*digests[1:], head["name"]]:
        raise Disproven("báo cáo hoặc SQL đã bị sửa / another digest than was announced")
    report, slugs = parse(files[2]), publisher.split("/")[1:]
    used = [bundle.read(f"references/{each['sha256']}.toml") for each in report["references"]]
    right = {n: claim[n] for n in ("statistic", "statistic_sha256", "by")}
    right |= {n: head[n] for n in ("revision", "measures")}
    right |= {"from": claim["period_from"], "to": claim["period_to"], "provinces": slugs}
    right["references"] = [{"province": slugs[0], "sha256": sha256(n).hexdigest()} for n in used]
    right["logs"] = [{"origin": origin, "size": size} for origin, size in sizes.items()]
    right["known_at"] = max(check_log(bundle, origin, n, keys) for origin, n in sizes.items())
    agree(report, right | {n: report[n] for n in ("rows", "totals", "declared_not_shown")})
    tables, declared = Tables(parse(files[0]), sql), dict[str, Json]()
    for origin, size in sizes.items():
        for position, content in enumerate(entries_of(bundle, origin, size)):
            entry = parse(content)
            if entry["source"] != origin or origin.rpartition("/")[0] != publisher:
                raise Disproven(f"mục của sổ khác / of another log: {origin} [{position}]")
            tables.add(entry, origin, position)
            if entry["type"] == "SessionResultsDeclared":
                declared[entry["data"]["declaration_id"]] = entry["data"]
    groups = figures(tables.run(sql.strip().rstrip(";"), head["cells"]), head, claim)
    totals = compare_all(report, claim, groups, head, declared)
    free = {"README.md", "verify_bundle.py", *(f"logs/{o}/keys" for o in (event["source"], *sizes))}
    if bundle.left - free:
        raise Unknown(f"tệp thừa / unaccounted for: {sorted(bundle.left - free)[:9]}")
    say(f"{head['name']}: tính lại, đúng mọi số / recomputed, every figure is right: {totals}")
    say(f"định nghĩa của bên công bố / the publisher's events.json, definition.sql: {digests[:2]}")


def main() -> int:
    """Say the verdict and return the exit status."""
    asked = argparse.ArgumentParser(description="Kiểm chứng gói số liệu / prove a figure.")
    asked.add_argument("file", type=Path)
    asked.add_argument("--key", type=parse_key, action="append", default=[], metavar="VKEY")
    given, bundle = asked.parse_args(), None
    try:
        if not given.file.is_file():
            raise Unknown("không phải tệp / no file")
        with given.file.open("rb") as file:
            bundle = Bundle(file)
            prove(bundle, given.key)
    except Exception as fault:  # noqa: BLE001 - whatever a bundle holds ends in a verdict
        is_false = isinstance(fault, Disproven | InvalidSignature)
        where = bundle.name if bundle else given.file.name
        said = "SAI, có bằng chứng / DISPROVEN" if is_false else "KHÔNG KẾT LUẬN ĐƯỢC / CAN'T TELL"
        say(f"{said}: {where}: {type(fault).__name__}: {fault}")
        return 1 if is_false else 2
    say("ĐÚNG, có bằng chứng / PROVEN.")
    say("Không chứng minh: ghi chép thật, khóa của chủ sổ, định nghĩa đúng tên, chỗ số khai báo.")
    say("Not proven: true records, the logs' own keys, a fit definition, declared results' places.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
