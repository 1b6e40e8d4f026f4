"""`docs/events.md`: every event, its fields, and the envelope that carries it."""

import inspect
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from types import ModuleType, NoneType
from typing import Any, get_args, get_origin, get_type_hints

from deploy.documents.sources import attribute_docs, one_line
from shared.contracts import EVENT_TYPES, assignment, intake, operations, reporting, sessions, texts
from shared.wire.codec import schema_version, unwrap_optional

OWNERS = (
    ("intake", "Tiếp nhận ý kiến", intake),
    ("sessions", "Phiên đối thoại", sessions),
    ("assignment", "Giao việc", assignment),
    ("reporting", "Báo cáo", reporting),
    ("any service", "Vận hành", operations),
)

HEAD = """# Sự kiện · Events

Ngôn ngữ chung giữa bốn dịch vụ: mọi điều đã xảy ra, ghi một lần, không sửa, không xóa.

The published language of the four services. Generated from `shared/contracts` by
`python -m deploy.documents`. A name here is on disk and on the wire for ever. A field that
is absent was not stated, which is not zero. Free text never stands in an event, only a
`TextRef` to it. The values of vocabularies are in the [glossary](glossary.md).

## The envelope

An entry of a log is one CloudEvents 1.0 document in canonical JSON (RFC 8785: sorted names,
no blanks, NFC text, no floats), at most 65,535 bytes. Its leaf hash is
SHA-256(0x00 ‖ bytes), as in RFC 6962. The stored bytes are hashed, relayed, copied and
verified as they are, and never encoded again.

| attribute | meaning |
|---|---|
| `specversion` | `1.0` |
| `id` | of the event; derived from its command or cause, so that a repeat is the same event |
| `source` | the log: `<deployment>/<province>/<service>` |
| `type` | name of the event, as below |
| `subject` | the stream, such as `opinion-<id>` |
| `time` | when it was recorded; never decreases within a log |
| `streamversion` | 0-based place in the stream |
| `schemaversion` | version of the schema of `data` |
| `occurredat` | when it happened: the command's instant, or the recording of the cause |
| `actor` | the seat that acted, or `service:<name>`; never a person |
| `correlationid` | of the first event of the chain |
| `causationid` | of the event that this one reacts to; absent for a command |
| `references` | the files that decided it, as below; absent where none did |
| `datacontenttype` | `application/json` |
| `data` | the fields below |

`references` holds `<file>@<version>` for each file, separated by blanks. A `ReferenceAdopted` at an
earlier position of the same log has that file and that version.

On RabbitMQ the same bytes travel as the body of a persistent message to the topic exchange
`<service>.events`, under the key `<province>.<EventType>`, with the headers `origin`,
`position` and `leaf`.
"""


def events_page() -> str:
    """Return the page."""
    parts = [HEAD, *_shared_part()]
    for owner, vietnamese, module in OWNERS:
        parts.append(f"\n## {vietnamese} · {owner.capitalize()}\n\n{_sentence(module)}\n")
        parts += [_form(form) for form in _forms(module)]
    return "".join(parts)


def _shared_part() -> Iterator[str]:
    yield f"\n## Tham chiếu văn bản · Text references\n\n{_sentence(texts)}\n"
    yield from (_form(form) for form in _forms(texts))


def _forms(module: ModuleType) -> Iterator[type]:
    """Yield the dataclasses that `module` defines or passes on, or that go on with its name."""
    passed_on = getattr(module, "__all__", ())
    for name, value in vars(module).items():
        home = str(getattr(value, "__module__", None))
        is_own = home.startswith(module.__name__) or name in passed_on
        if isinstance(value, type) and is_dataclass(value) and is_own:
            yield value


def _form(form: type) -> str:
    above: list[type] = [base for base in form.__bases__ if is_dataclass(base)]
    inherited = {each.name for base in above for each in fields(base)}
    lines = [f"\n### {form.__name__}\n", one_line(inspect.getdoc(form) or "")]
    if form.__name__ in EVENT_TYPES:
        lines[-1] += f" *Schema {schema_version(form.__name__)}.*"
    if above:
        names = ", ".join(f"[`{base.__name__}`](#{base.__name__.lower()})" for base in above)
        lines.append(f"\nHas the fields of {names}.")
    own = [each for each in fields(form) if each.name not in inherited]
    if own:
        lines += ["", "| field | value | required | meaning |", "|---|---|---|---|"]
        docs, hints = attribute_docs(form), get_type_hints(form)
        lines += [_row(each, hints[each.name], docs.get(each.name, "")) for each in own]
    return "\n".join(lines) + "\n"


def _row(each: Field[Any], hint: object, doc: str) -> str:
    required = "yes" if each.default is MISSING else "no"
    return f"| `{each.name}` | {_kind(hint)} | {required} | {doc} |"


def _kind(hint: Any) -> str:
    """Return what a value of the type is, in words."""
    inner, _ = unwrap_optional(hint)
    if get_origin(inner) is tuple:
        return f"list of {_kind(get_args(inner)[0])}"
    if is_dataclass(inner) and isinstance(inner, type):
        return f"[`{inner.__name__}`](#{inner.__name__.lower()})"
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return f"`{inner.__name__}`"
    names: dict[object, str] = {
        str: "text",
        int: "whole number",
        bool: "true, false",
        date: "date",
        NoneType: "nothing",
    }
    return names[inner]


def _sentence(module: ModuleType) -> str:
    return one_line(inspect.getdoc(module) or "")
