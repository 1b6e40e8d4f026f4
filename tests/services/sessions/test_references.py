"""Each step of a session names the files that decided it, and none where none did."""

from shared.contracts.vocabulary import ReferenceKind
from tests.services.opened import since_opened
from tests.services.sessions.room import Room

PROVINCE, REGULATION, FIELDS, CALENDAR = (
    ReferenceKind.PROVINCE,
    ReferenceKind.REGULATION,
    ReferenceKind.FIELDS,
    ReferenceKind.CALENDAR,
)


def test_each_step_of_a_session_names_what_decided_it(room: Room) -> None:
    room.hold()
    assert room.conclude().status_code == 201
    runtime = room.service.runtime
    documents = [entry.document for entry in since_opened(runtime)]
    province = runtime.province("ha-noi")
    assert {each["type"]: each.get("references") for each in documents} == {
        "SessionPlanned": province.references(PROVINCE, REGULATION, FIELDS),
        "SessionScheduled": province.references(PROVINCE, FIELDS, REGULATION, CALENDAR),
        "AgendaItemPlaced": None,
        "SessionOpened": province.references(PROVINCE, REGULATION),
        "AttendanceRecorded": None,
        "OpinionRaised": province.references(FIELDS),
        "SessionEnded": None,
        "ConclusionIssued": province.references(PROVINCE, REGULATION, FIELDS, CALENDAR),
    }
