"""Entries and key files that a forgiving reader and a strict one read differently."""

from collections.abc import Mapping

ELSEWHERE = b'{"source":"elsewhere"'
READABLE: Mapping[str, bytes] = {
    "plain": ELSEWHERE + b"}",
    "spelt with an escape": b'{"\\u0073ource":"elsewhere"}',
    "half a pair, escaped": ELSEWHERE + b',"a":"\\ud800"}',
    "a number that no double holds": ELSEWHERE + b',"a":1e999}',
    "as long a number as may be": ELSEWHERE + b',"a":' + b"9" * 300 + b"}",
    "as deep as may be": ELSEWHERE + b',"a":' + b"[" * 63 + b"]" * 63 + b"}",
    "brackets and digits in a text": ELSEWHERE + b',"a":"\\"' + b"[" * 99 + b"9" * 999 + b'"}',
}
"""Objects that name another log."""

UNREADABLE: Mapping[str, bytes] = {
    "NaN": ELSEWHERE + b',"a":NaN}',
    "Infinity": ELSEWHERE + b',"a":-Infinity}',
    "a mark before": b"\xef\xbb\xbf" + ELSEWHERE + b"}",
    "UTF-16": '{"source":"elsewhere"}'.encode("utf-16"),
    "UTF-16 without a mark": '{"source":"elsewhere"}'.encode("utf-16-le"),
    "UTF-32": '{"source":"elsewhere"}'.encode("utf-32"),
    "half a pair, raw": ELSEWHERE + b',"a":"\xed\xa0\x80"}',
    "a number without end": ELSEWHERE + b',"a":' + b"9" * 5000 + b"}",
    "one digit too many": ELSEWHERE + b',"a":' + b"9" * 301 + b"}",
    "too deep": ELSEWHERE + b',"a":' + b"[" * 64 + b"]" * 64 + b"}",
    "without end": ELSEWHERE + b',"a":' + b"[" * 60_000 + b"]" * 60_000 + b"}",
    "a list": b'[["source","elsewhere"]]',
    "nothing": b"",
}

BEFORE_A_KEY: Mapping[str, bool] = {
    " \t\r\n": True,
    "\ufeff": False,
    "\x1c": False,
    "\x85": False,
    "\x0b": False,
    "\x0c": False,
    "\u3000": False,
    "# ": False,
}
"""What may stand before a key in a file, and whether the key is still one."""
