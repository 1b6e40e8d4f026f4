"""How fast opinions like one are found among many, and how little more it takes among more.

Ours is the sketch of the question and the search of the index, on PostgreSQL. The first
anchor is the same among a tenth of the opinions; the second finds the most similar texts of
that tenth by PostgreSQL's own `pg_trgm`, which needs the texts readable beside it.
Opening the few found, which costs the same among however many, is left out on both sides.
"""

import io
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import sqlalchemy as sa

from services.intake import likeness_index
from services.intake.sketch import bands, hashes, low_bytes, sketch
from services.intake.suggesting import OPENED_MAX
from services.intake.tables import likeness_band, likeness_sketch
from shared.store import Store
from shared.territory.names import plain
from tests.benchmarks.duplicates import Matter, Retelling, any_matter, retold, told
from tests.benchmarks.figures import Figure
from tests.servers import PostgresServer

_KEY, _LOG_NO, _SEED = b"k" * 32, 1, 2_021
_BATCH = 20_000
_QUESTIONS = 40


def similar_figures(
    server: PostgresServer, *, opinions: int, fewer: int, rounds: int
) -> Iterator[Figure]:
    """Yield questions a minute among `opinions` against among `fewer`, and against pg_trgm."""
    store = Store(server.create("bench_similar"))
    chance = random.Random(_SEED)
    with store.write() as tx:
        for table in (likeness_sketch, likeness_band):
            table.create(tx.connection)
        tx.connection.execute(sa.text("CREATE TABLE told (number bigint, text text NOT NULL)"))
        tx.connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    questions = _fill(store, chance, range(fewer), has_texts=True)
    among_fewer = _rate(rounds, questions, lambda question: _ours(store, question))
    theirs = _rate(rounds, questions[:5], lambda question: _trigrams(store, question))
    _fill(store, chance, range(fewer, opinions), has_texts=False)
    among_all = _rate(rounds, questions, lambda question: _ours(store, question))
    store.close()
    unit = "questions/min"
    yield Figure(
        benchmark="similar",
        ours=among_all,
        anchor=among_fewer,
        unit=unit,
        conditions={"anchor_is": "ours among fewer", "opinions": opinions, "fewer": fewer},
    )
    yield Figure(
        benchmark="similar",
        ours=among_fewer,
        anchor=theirs,
        unit=unit,
        conditions={"anchor_is": "pg_trgm", "opinions": fewer},
    )


def _rate(rounds: int, questions: Sequence[str], ask: Callable[[str], object]) -> float:
    """Return questions a minute: the median round of a first one that doesn't count."""
    rates = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        for question in questions:
            ask(question)
        rates.append(60 * len(questions) / (time.perf_counter() - begun))
    return statistics.median(rates[1:])


def _ours(store: Store, question: str) -> object:
    made = sketch(question, _KEY)
    assert made is not None
    with store.read() as connection:
        return likeness_index.likest(connection, _LOG_NO, made, limit=OPENED_MAX)


def _trigrams(store: Store, question: str) -> object:
    query = sa.text(
        "SELECT number FROM told WHERE text % :asked "
        "ORDER BY similarity(text, :asked) DESC LIMIT 10"
    )
    with store.read() as connection:
        return connection.execute(query, {"asked": plain(question)}).all()


def _fill(store: Store, chance: random.Random, numbers: range, *, has_texts: bool) -> list[str]:
    """Add opinions of these numbers; return some of them told again."""
    questions: list[str] = []
    drop, add = (
        f"ALTER TABLE likeness_band {what}"
        for what in (
            "DROP CONSTRAINT likeness_band_pkey",
            "ADD CONSTRAINT likeness_band_pkey PRIMARY KEY (log_no, band, position)",
        )
    )
    _run(store, drop)
    for start in range(numbers.start, numbers.stop, _BATCH):
        batch = range(start, min(start + _BATCH, numbers.stop))
        matters = [any_matter(chance) for _ in batch]
        _copy_sketches(store, batch, matters)
        if has_texts:
            texts = [told(chance, matter) for matter in matters]
            lines = (f"{n}\t{plain(each.text)}\n" for n, each in zip(batch, texts, strict=True))
            _copy(store, "told (number, text)", lines)
            if len(questions) < _QUESTIONS:
                questions += [
                    retold(chance, matter, first, Retelling.TYPOS).text
                    for matter, first in zip(matters[:_QUESTIONS], texts, strict=False)
                ]
    _run(store, add)
    if has_texts:
        _run(store, "CREATE INDEX ON told USING gin (text gin_trgm_ops)")
    for table in ("likeness_band", "likeness_sketch", "told"):
        _run(store, f"VACUUM ANALYZE {table}")
    return questions


def _copy_sketches(store: Store, numbers: range, matters: Sequence[Matter]) -> None:
    made = [
        (number, low_bytes(_hashes_of(matter)))
        for number, matter in zip(numbers, matters, strict=True)
    ]
    _copy(
        store,
        "likeness_sketch (log_no, position, opinion_id, text_id, sketch)",
        (f"{_LOG_NO}\t{number}\t{number}\t{number}\t\\\\x{each.hex()}\n" for number, each in made),
    )
    _copy(
        store,
        "likeness_band (log_no, band, position)",
        (f"{_LOG_NO}\t{band}\t{number}\n" for number, each in made for band in bands(each)),
    )


def _hashes_of(matter: Matter) -> tuple[int, ...]:
    """Return the hashes of a matter, told in its plainest words.

    Of two texts together it is the lesser of theirs, so that a clause is hashed once.
    """
    clauses = (matter.place[0], matter.trouble, *matter.clauses)
    return tuple(map(min, *(_clause(each) for each in clauses)))


@lru_cache(maxsize=20_000)
def _clause(text: str) -> tuple[int, ...]:
    hashed = hashes(text, _KEY)
    assert hashed is not None
    return hashed


def _copy(store: Store, into: str, lines: Iterator[str]) -> None:
    with store.write() as tx:
        cursor = tx.connection.connection.cursor()
        cursor.copy_expert(f"COPY {into} FROM STDIN", io.StringIO("".join(lines)))


def _run(store: Store, statement: str) -> None:
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(statement))
