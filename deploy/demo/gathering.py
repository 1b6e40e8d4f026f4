"""The Front's part: digests come in, are screened, go on agendas or to agencies."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.demo.cast import PROVINCE, Cast, once_known
from deploy.demo.history import (
    HistoricDigest,
    HistoricOpinion,
    History,
    PlannedSession,
    Via,
    digest_workbook,
)
from services.intake.digest_import import opinion_id_of
from services.sessions.sessions import raised_opinion_id
from shared.kernel.ids import derived_id

OPINIONS_AT_ONCE = 100


@dataclass(slots=True)
class Gathering:
    """Uploads workbooks and screens what is in them."""

    cast: Cast
    history: History
    rejected: int = 0
    """Rows that the services rightly refused."""
    opinion_ids: dict[str, str] = field(default_factory=dict)
    """Key in the history → id in the system."""

    def __post_init__(self) -> None:
        for digest in self.history.digests:
            for row in digest.rows:
                if row.opinion_key is not None:
                    self.opinion_ids[row.opinion_key] = opinion_id_of(
                        PROVINCE, digest.organisation, digest.number, str(row.stt)
                    )
        for session in self.history.sessions:
            for opinion in session.opinions:
                if opinion.via is Via.ROOM:
                    self.opinion_ids[opinion.key] = raised_opinion_id(
                        session_id_of(session), line_id_of(opinion)
                    )

    def import_digest(self, digest: HistoricDigest) -> None:
        """Upload one digest as its organisation's cadre, and screen it."""
        name = "bao-cao.xlsx"
        report = (
            self.cast.role("cadre")
            .call(
                "POST",
                "/intake/imports",
                data={"kind": "digest", "province": PROVINCE},
                files={"file": (name, digest_workbook(digest))},
            )
            .json()
        )
        self.rejected += report["rows_rejected"]
        declined = {each.opinion.key for each in self.history.declined}
        keys = [row.opinion_key for row in digest.rows if row.opinion_key not in declined]
        self._all("accept", [self.opinion_ids[key] for key in keys if key is not None], {})

    def schedule(self, session_id: str, opinions: Sequence[HistoricOpinion]) -> None:
        """Put gathered opinions on the agenda, once the session's day is known to Intake."""
        ids = [self.opinion_ids[each.key] for each in opinions if each.via is Via.DIGEST]
        if ids:
            once_known(
                "session.unknown",
                lambda: self._all("schedule", ids, {"session_id": session_id}, "secretary"),
            )

    def refer(self, opinion: HistoricOpinion, agency: str | None) -> None:
        """Send an opinion straight to an agency, or let the routing table choose."""
        self._all("refer", [self.opinion_ids[opinion.key]], {"agency": agency})

    def decline(self, opinion: HistoricOpinion, reason: str, redirect: str) -> None:
        """Send a complaint into its statutory procedure."""
        body = {"reason": reason, "redirect": redirect}
        self._all("decline", [self.opinion_ids[opinion.key]], body)

    def deposit(self, opinions: Sequence[HistoricOpinion]) -> list[dict[str, Any]]:
        """Keep what was said in the room in the vault; return the references, in order."""
        texts = [opinion.text for opinion in opinions]
        kept: list[dict[str, Any]] = self.cast.role("secretary").post(
            "/intake/narratives", {"province": PROVINCE, "texts": texts}
        )["texts"]
        return kept

    def _all(
        self, what: str, ids: Sequence[str], body: dict[str, Any], role: str = "screener"
    ) -> None:
        for start in range(0, len(ids), OPINIONS_AT_ONCE):
            page = list(ids[start : start + OPINIONS_AT_ONCE])
            self.cast.role(role).post(f"/intake/opinions/{what}", body | {"opinion_ids": page})


def session_id_of(session: PlannedSession) -> str:
    """Return the id that the demo gives the session, the same in every run."""
    return derived_id("demo", "session", session.key)


def line_id_of(opinion: HistoricOpinion) -> str:
    """Return the id of the room's line that an opinion was first heard as."""
    return derived_id("demo", opinion.key)
