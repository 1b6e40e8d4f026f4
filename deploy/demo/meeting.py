"""The secretary's and the chair's part: sessions are planned, held and concluded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from deploy.demo.cast import PROVINCE, Cast, patiently
from deploy.demo.gathering import Gathering, line_id_of, session_id_of
from deploy.demo.history import Fate, PlannedSession, Via

LINES_AT_ONCE = 50

T = TypeVar("T")


@dataclass(slots=True)
class Meeting:
    """Holds the sessions of the history."""

    cast: Cast
    gathering: Gathering
    commitment_ids: dict[str, str] = field(default_factory=dict)
    """Key in the history → id in the system."""

    def plan(self, session: PlannedSession) -> None:
        """Plan the session and fix its day."""
        self._post(
            None,
            {
                "session_id": session_id_of(session),
                "unit": session.unit,
                "session_kind": session.session_kind,
                "mode": session.mode,
                "planned_year": session.planned_year,
                "trigger": session.trigger,
                "province": PROVINCE,
            },
        )
        self._post(session, {"held_on": session.held_on.isoformat()}, "schedule")

    def fill_agenda(self, session: PlannedSession) -> None:
        """Put what the Front has gathered on the agenda."""
        self.gathering.schedule(session_id_of(session), session.opinions)

    def hold(self, session: PlannedSession) -> None:
        """Open the session, record who came and what was raised and answered, end it."""
        self._await_agenda(session)
        unit = session.unit
        chair = f"{unit}/bi-thu" if session.head_present else f"{unit}/pho-bi-thu"
        self._post(session, {"chair": chair, "head_present": session.head_present}, "open")
        groups = [
            {"group": group, "attendances": count, "basis": "counted"}
            for group, count in session.attendances
        ]
        self._post(session, {"groups": groups}, "attendance")
        room = [opinion for opinion in session.opinions if opinion.via is Via.ROOM]
        for heard in _pages(room):
            lines = [
                {
                    "line_id": line_id_of(opinion),
                    "field": opinion.field,
                    "opinion_kind": opinion.opinion_kind,
                    "voices": opinion.voices,
                    "text": ref,
                }
                for opinion, ref in zip(heard, self.gathering.deposit(heard), strict=True)
            ]
            self._post(session, {"opinions": lines}, "opinions")
        answers: list[dict[str, Any]] = [
            {"opinion_id": self.gathering.opinion_ids[each.key], "outcome": each.outcome}
            for each in session.opinions
            if each.fate is Fate.ON_THE_SPOT
        ]
        for page in _pages(answers):
            self._post(session, {"answers": page}, "answers", role="chair")
        self._post(session, {"speaking_turns": session.speaking_turns}, "end")

    def conclude(self, session: PlannedSession) -> None:
        """Issue the conclusion notice with its commitments."""
        commitments = [
            {
                "field": each.field,
                "opinion_ids": [self.gathering.opinion_ids[key] for key in each.opinion_keys],
                "lead_agency": each.lead_agency,
                "product": each.product,
                "due_on": each.due_on.isoformat(),
            }
            for each in session.commitments
        ]
        issued = self._post(
            session,
            {
                "number": session.conclusion_number,
                "issued_on": session.issued_on.isoformat(),
                "commitments": commitments,
            },
            "conclusion",
            role="chair",
        )
        for planned, made in zip(session.commitments, issued["commitments"], strict=True):
            self.commitment_ids[planned.key] = made["commitment_id"]

    def _await_agenda(self, session: PlannedSession) -> None:
        """Return once every opinion scheduled by Intake is on the agenda."""
        expected = sum(opinion.via is Via.DIGEST for opinion in session.opinions)

        def look() -> bool | None:
            shown = self.cast.role("secretary").get(f"/sessions/sessions/{session_id_of(session)}")
            return True if shown["opinions_on_agenda"] == expected else None

        patiently(look)

    def _post(
        self,
        session: PlannedSession | None,
        body: dict[str, Any],
        what: str = "",
        *,
        role: str = "secretary",
    ) -> Any:
        path = "/sessions/sessions"
        if session is not None:
            path += f"/{session_id_of(session)}/{what}"
        return self.cast.role(role).post(path, body)


def _pages(lines: Sequence[T]) -> list[list[T]]:
    return [
        list(lines[start : start + LINES_AT_ONCE]) for start in range(0, len(lines), LINES_AT_ONCE)
    ]
