import pytest

from services.assignment import read_model
from services.assignment.definition import DEFINITION
from services.assignment.standing import leads
from shared.contracts import Event
from shared.contracts.assignment import AssignmentIssued
from shared.eventlog import Recorded
from shared.kernel.errors import Refused
from shared.references import named
from shared.runtime import Runtime
from tests.services.assignment.matters import commitment, conclusion, hear, referral
from tests.services.conftest import Open
from tests.services.opened import since_opened


@pytest.fixture
def runtime(open_service: Open) -> Runtime:
    return open_service(DEFINITION).runtime


def issues(runtime: Runtime, province: str = "ha-noi") -> list[tuple[Recorded, AssignmentIssued]]:
    found = [entry.recorded() for entry in since_opened(runtime, province)]
    return [(each, each.event) for each in found if isinstance(each.event, AssignmentIssued)]


def test_a_batch_is_issued_by_one_append(runtime: Runtime) -> None:
    hear(runtime, [referral(f"o-{number}") for number in range(5)])
    recorded = [each for each, _event in issues(runtime)]
    first = recorded[0].position
    assert [each.position - first for each in recorded] == [0, 1, 2, 3, 4]
    assert len({each.time for each in recorded}) == 1


def test_an_issue_names_its_cause_and_the_files_that_decided_it(runtime: Runtime) -> None:
    hear(runtime, [referral()])
    ((each, event),) = issues(runtime)
    assert each.actor == "service:assignment"
    assert each.stream == f"assignment-{event.assignment_id}"
    assert each.causation_id == each.correlation_id
    (entry,) = since_opened(runtime)
    assert entry.document["references"] == named(runtime.province("ha-noi").files)


def test_a_commitment_rests_on_the_conclusion_and_names_no_file(runtime: Runtime) -> None:
    hear(runtime, [conclusion(commitment("k-1", "o-1"))])
    (entry,) = since_opened(runtime)
    assert "references" not in entry.document


def test_the_same_batch_again_changes_nothing(runtime: Runtime) -> None:
    batch: list[Event] = [referral("o-1"), referral("o-2")]
    hear(runtime, batch)
    hear(runtime, batch)
    assert len(issues(runtime)) == 2


def test_the_same_referral_in_one_batch_and_in_the_next_is_issued_once(runtime: Runtime) -> None:
    hear(runtime, [referral("o-1"), referral("o-1")])
    hear(runtime, [referral("o-1")], first=7)
    assert len(issues(runtime)) == 1


@pytest.mark.parametrize("referral_first", [True, False])
def test_an_opinion_has_one_lead_whichever_log_is_heard_first(
    runtime: Runtime, *, referral_first: bool
) -> None:
    promise = conclusion(commitment("k-1", "o-1", "o-2"))
    order: list[Event] = (
        [referral("o-1"), promise] if referral_first else [promise, referral("o-1")]
    )
    for event in order:
        hear(runtime, [event])
    led = [opinion for _each, event in issues(runtime) for opinion in event.opinion_ids]
    assert sorted(led) == ["o-1", "o-2"]


def test_a_commitment_whose_opinions_are_all_led_is_still_a_duty(runtime: Runtime) -> None:
    hear(runtime, [referral("o-1")])
    hear(runtime, [conclusion(commitment("k-1", "o-1"))])
    event = issues(runtime)[-1][1]
    assert (event.commitment_id, event.opinion_ids, event.opinions) == ("k-1", (), 0)


def test_one_province_s_leads_are_in_its_own_log(runtime: Runtime) -> None:
    hear(runtime, [referral("o-1")])
    hear(runtime, [referral("o-2", agency="ubnd-ha-nam")], province="ha-nam")
    assert [event.agency for _each, event in issues(runtime)] == ["ubnd-ba-dinh"]
    assert [event.agency for _each, event in issues(runtime, "ha-nam")] == ["ubnd-ha-nam"]


def test_a_referral_that_no_row_can_route_is_the_entry_s_own_fault(runtime: Runtime) -> None:
    with pytest.raises(Refused, match=r"province\.unknown_field"):
        hear(runtime, [referral(field="astrology")])
    assert issues(runtime) == []


def test_the_read_model_knows_the_assignment_at_once(runtime: Runtime) -> None:
    hear(runtime, [conclusion(commitment("k-1", "o-1", "o-2"))])
    with runtime.store.read() as connection:
        (row,) = read_model.page(connection, province="ha-noi")
        assignment_id = row["assignment_id"]
        assert row["state"] == "issued"
        assert read_model.agencies(connection, [assignment_id]) == {
            assignment_id: ("ubnd-ba-dinh", "tnmt-ba-dinh")
        }
        assert read_model.opinions(connection, [assignment_id]) == {assignment_id: ("o-1", "o-2")}
        assert set(leads(connection, {("o-1", 1), ("o-9", 1)})) == {("o-1", 1)}
