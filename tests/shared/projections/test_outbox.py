from shared.projections import entries_unpublished
from shared.projections.outbox import Outbox
from tests.faults.chain.record import PROVINCES, ChainRuntime, ask

HA_NAM = "doithoai.test/ha-nam/questions"
HA_NOI = "doithoai.test/ha-noi/questions"


def fill(questions: ChainRuntime, count: int) -> Outbox:
    for province in PROVINCES:
        ask(questions, province, [f"{province}-{number}" for number in range(count)])
    return Outbox(questions.ledger, questions.definition.follow)


def unpublished(questions: ChainRuntime) -> dict[str, int]:
    definition = questions.definition
    return entries_unpublished(questions.store, definition.log, definition.follow)


def test_every_log_gets_its_share_of_a_batch(questions: ChainRuntime) -> None:
    outbox = fill(questions, 10)
    pages = outbox.pages(outbox.waiting(), 8)
    assert [(page[0].origin, len(page)) for page in pages] == [(HA_NAM, 4), (HA_NOI, 4)]


def test_what_is_published_does_not_wait_any_more(questions: ChainRuntime) -> None:
    outbox = fill(questions, 10)
    outbox.move({HA_NAM: 9, HA_NOI: 3})
    (waiting,) = outbox.waiting()
    assert (waiting.log.origin, waiting.after) == (HA_NOI, 3)
    assert unpublished(questions) == {HA_NAM: 0, HA_NOI: 6}


def test_a_late_relay_never_moves_a_cursor_back(questions: ChainRuntime) -> None:
    outbox = fill(questions, 10)
    outbox.move({HA_NAM: 7})
    outbox.move({HA_NAM: 2})
    assert unpublished(questions)[HA_NAM] == 2
