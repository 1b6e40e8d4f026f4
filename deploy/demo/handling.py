"""The agencies' part: each learns of its work from its feed, and answers it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.demo.cast import PROVINCE, Cast, once_known, patiently
from deploy.demo.history import HistoricAnswer

PAGE = 200
TEXTS_READ = 40
"""How many narratives the agencies read in all: enough to see that they may."""


@dataclass(slots=True)
class Handling:
    """Every agency's system: a cursor in its feed, and the work it has found there."""

    cast: Cast
    texts_read: int = 0
    _after: dict[str, int] = field(default_factory=dict)
    _found: dict[str, str] = field(default_factory=dict)
    """Commitment id, or opinion id of a referral → assignment id."""

    def submit(self, agency: str, subject: str, answer: HistoricAnswer) -> None:
        """Answer the matter called `subject`, as the agency's clerk."""
        assignment_id = self._assignment_of(agency, subject)
        self.cast.role("agency_clerk", agency).post(
            f"/assignment/assignments/{assignment_id}/answer",
            {"outcome": answer.outcome, "text": answer.text},
        )

    def release(self, agency: str, subject: str) -> None:
        """Release the answer, as the agency's head: a second pair of eyes."""
        assignment_id = self._assignment_of(agency, subject)
        self.cast.role("agency_head", agency).post(
            f"/assignment/assignments/{assignment_id}/release", {}
        )

    def _assignment_of(self, agency: str, subject: str) -> str:
        def find() -> str | None:
            if subject not in self._found:
                self._poll(agency)
            return self._found.get(subject)

        return patiently(find)

    def _poll(self, agency: str) -> None:
        clerk = self.cast.role("agency_clerk", agency)
        page = clerk.get(
            f"/assignment/feeds/{agency}",
            province=PROVINCE,
            after=self._after.get(agency, 0),
            limit=PAGE,
        )
        issued = [
            data
            for each in page["entries"]
            if (data := _issued(each["entry"])) is not None and data["agency"] == agency
        ]
        if issued:
            ids = [data["assignment_id"] for data in issued]
            clerk.post("/assignment/assignments/accept", {"assignment_ids": ids})
        for data in issued:
            subject = data.get("commitment_id") or data["opinion_ids"][0]
            self._found[subject] = data["assignment_id"]
            if data["opinion_ids"]:
                self._read_text(agency, data["opinion_ids"][0])
        if page["entries"]:
            self._after[agency] = page["entries"][-1]["feed_seq"]

    def _read_text(self, agency: str, opinion_id: str) -> None:
        """Read what the people said, as whoever has to act on it now."""
        if self.texts_read >= TEXTS_READ:
            return
        self.texts_read += 1
        clerk = self.cast.role("agency_clerk", agency)
        path = f"/intake/opinions/{opinion_id}/text"
        # Intake learns who handles an opinion a moment after the agency does.
        once_known("opinion.unknown", lambda: clerk.get(path, purpose="handling"))


def _issued(entry: Mapping[str, Any] | str) -> Mapping[str, Any] | None:
    document = json.loads(entry) if isinstance(entry, str) else entry
    return document["data"] if document["type"] == "AssignmentIssued" else None
