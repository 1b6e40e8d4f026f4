"""Who has the duties of a body on a later day: it itself, a successor, several, or nobody."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from shared.kernel.periods import Register
from shared.provinces.bodies import Body

B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True)
class Split(Generic[B]):
    """The duties were split, so that a person must say which body has a certain matter."""

    bodies: tuple[B, ...]
    """By key. May be one only, where another part of the duties has ended."""


def successor_on(register: Register[B], body: B, day: date) -> B | Split[B] | None:
    """Return who has the duties of `body` on `day`; None when nobody has, or not yet.

    It itself while it exists; otherwise its successor, the successor of that, and so on.
    `body` is the row in force when the matter was given to it: a key may be used again
    later for another. A split whose parts came together again is one body.
    """
    if body.includes(day):
        return body
    if day < body.valid_from or body.succeeded_on is None:
        return None
    keys = (body.key,) if body.succession is None else body.succession.successors
    after = [register.on(key, body.succeeded_on) for key in keys]
    answers = [None if each is None else successor_on(register, each, day) for each in after]
    if all(answer == answers[0] for answer in answers):
        return answers[0]
    found: dict[str, B] = {}
    for answer in answers:
        bodies = answer.bodies if isinstance(answer, Split) else (answer,)
        found |= {each.key: each for each in bodies if each is not None}
    return Split(tuple(found[key] for key in sorted(found)))
