"""Laws of every statistic: order, batches, repeats and restarts change no figure."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.reporting import figures
from services.reporting.counting import count
from services.reporting.recount import recount
from services.reporting.statistics import Statistic, statistics
from services.reporting.tables import METADATA
from shared.eventlog import Entry
from shared.store import Store
from tests.services.reporting.conftest import kept_in
from tests.services.reporting.histories import batches, histories
from tests.services.reporting.history import added, of_types

EVERY = pytest.mark.parametrize(
    "statistic", [pytest.param(each, id=name) for name, each in statistics().items()]
)
LAW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@EVERY
@LAW
@given(data=st.data(), entries=histories())
def test_any_split_into_batches_in_any_order_adds_up_to_the_same(
    statistic: Statistic, data: st.DataObject, entries: list[Entry]
) -> None:
    whole = count(statistic, of_types(statistic, entries))
    shuffled = data.draw(st.permutations(entries))
    size = data.draw(st.integers(1, len(entries)))
    parts = [
        count(statistic, of_types(statistic, shuffled[first : first + size]))
        for first in range(0, len(shuffled), size)
    ][:4]
    rest = of_types(statistic, shuffled[4 * size :])
    assert added([*parts, count(statistic, rest)] if rest else parts) == whole


@LAW
@given(data=st.data(), entries=histories())
def test_live_figures_and_a_replay_agree_however_the_entries_arrived(
    data: st.DataObject, entries: list[Entry]
) -> None:
    arrived = data.draw(batches(entries))
    with TemporaryDirectory() as folder, closing(_store(Path(folder))) as store:
        for batch in arrived:
            kept_in(store, batch)
            if data.draw(st.booleans()):
                kept_in(store, batch)  # a duplicate delivery
            if data.draw(st.booleans()):
                figures.bring_up(store, statistics()["sessions"])
        found = recount(store, statistics().values())
        assert found.is_equal
        assert found.entries == len(entries)
        edition_no = figures.edition(store, statistics()["sessions"])
        whole = count(statistics()["sessions"], of_types(statistics()["sessions"], entries))
        assert figures.all_cells(store, edition_no) == whole


def _store(folder: Path) -> Store:
    store = Store(f"sqlite:///{folder}/reporting.sqlite")
    METADATA.create_all(store.engine)
    return store
