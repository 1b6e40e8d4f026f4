"""When a conclusion notice may be issued, and which of its words say too little.

A conclusion without responsible agency, product and time limit is the complaint that
this system answers first: so every fault is found, and all are told at once.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.sessions.conclusion_commands import (
    AmendConclusion,
    IssueConclusion,
    NamedAgency,
    ProposedCommitment,
    Standing,
)
from services.sessions.states import Begun, Over
from shared.contracts.sessions import Commitment

OPINIONS_MAX = 500
"""Opinions of one session, and so of its conclusion."""
COMMITMENTS_MAX = 50
"""Of one conclusion."""
COOPERATING_MAX = 200
"""Times that a conclusion names a cooperating agency, over all its commitments."""
# A conclusion is one entry of the log, which has a limit: what these pass always fits (tested).

NUMBER_MAX_CHARACTERS = 40
_NUMBER = re.compile(rf"(?=.*\d)[\w./&-]{{1,{NUMBER_MAX_CHARACTERS}}}")
"""As in `12/TB-UBND`: letters, digits and . / & - with at least one digit."""

VAGUE_WORDS = ("sớm", "khẩn trương", "quan tâm", "nghiên cứu")
"""Words that promise nothing which could be checked.

Source: the complaint of published reports that conclusions name no duty and no limit.
"""
_VAGUE = {word: re.compile(rf"(?<!\w){word}(?!\w)") for word in VAGUE_WORDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that keeps a conclusion from being issued."""

    place: str
    """As in `commitments[1].due_on`; 1-based."""
    code: str
    opinion_id: str | None = None
    agency: str | None = None
    day: date | None = None
    """The day that the fault is measured against."""
    limit: int | None = None

    def facts(self) -> dict[str, object]:
        """Return what an error tells of it; what is not stated is left out."""
        facts: dict[str, object] = {"place": self.place, "code": self.code}
        if self.opinion_id is not None:
            facts["opinion"] = self.opinion_id
        if self.agency is not None:
            facts["agency"] = self.agency
        if self.day is not None:
            facts["day"] = self.day
        if self.limit is not None:
            facts["limit"] = self.limit
        return facts


def tidy_number(typed: str) -> str:
    """Return the number of a notice as it is compared and printed: NFC, without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", typed)).replace("–", "-")


def vague_words(product: str) -> tuple[str, ...]:
    """Return the vague words in `product`, in the order of `VAGUE_WORDS`.

    Case, blanks and composition (NFC, NFD) make no difference; tones and vowels do.
    """
    plain = " ".join(unicodedata.normalize("NFC", product).casefold().split())
    return tuple(word for word, pattern in _VAGUE.items() if pattern.search(plain))


def faults(proposed: IssueConclusion, held: Over) -> tuple[Fault, ...]:
    """Return everything that keeps `proposed` from being issued; () when nothing does."""
    covered = [each.opinion_ids for each in proposed.commitments]
    return (
        *faults_of_notice(proposed, held.held_on, "session.issued_before_session"),
        *faults_of_size(proposed.commitments, covered),
        *(
            fault
            for number, commitment in enumerate(proposed.commitments, start=1)
            for fault in faults_of_commitment(
                f"commitments[{number}]", commitment, proposed.issued_on
            )
        ),
        *faults_of_opinions(covered, held),
    )


def faults_of_notice(
    proposed: IssueConclusion | AmendConclusion, earliest_on: date, too_early: str
) -> Iterator[Fault]:
    """Yield what is wrong with number and day of issue.

    The code `too_early` says what comes before a notice of this kind, on `earliest_on`.
    """
    if not proposed.number:
        yield Fault(place="number", code="session.number_missing")
    elif not _NUMBER.fullmatch(proposed.number):
        yield Fault(place="number", code="session.number_malformed")
    elif not proposed.is_number_free:
        yield Fault(place="number", code="session.number_taken")
    oldest_on = proposed.today - timedelta(days=proposed.backdating_max_days)
    if proposed.issued_on < earliest_on:
        yield Fault(place="issued_on", code=too_early, day=earliest_on)
    elif proposed.issued_on > proposed.today:
        yield Fault(place="issued_on", code="session.issued_in_future", day=proposed.today)
    elif proposed.issued_on < oldest_on:
        yield Fault(place="issued_on", code="session.issued_too_long_ago", day=oldest_on)


def faults_of_size(
    proposed: Sequence[ProposedCommitment], covered: Sequence[Sequence[str]]
) -> Iterator[Fault]:
    """Yield what there is too much of; `covered` are the opinions of each commitment."""
    for place, code, count, limit in (
        ("commitments", "session.too_many_commitments", len(covered), COMMITMENTS_MAX),
        (
            "cooperating_agencies",
            "session.too_many_cooperating",
            sum(len(each.cooperating) for each in proposed),
            COOPERATING_MAX,
        ),
        ("opinions", "session.too_many_opinions", sum(map(len, covered)), OPINIONS_MAX),
    ):
        if count > limit:
            yield Fault(place=place, code=code, limit=limit)


def faults_of_commitment(
    place: str, commitment: ProposedCommitment, issued_on: date
) -> Iterator[Fault]:
    """Yield what one commitment lacks."""
    if not commitment.is_field_known:
        yield Fault(place=f"{place}.field", code="session.commitment_field_unknown")
    yield from _faults_of_agencies(place, commitment, issued_on)
    if commitment.product is None:
        yield Fault(place=f"{place}.product", code="session.product_missing")
    if commitment.due_on is None:
        yield Fault(place=f"{place}.due_on", code="session.due_on_missing")
    elif commitment.due_on <= issued_on:
        yield Fault(place=f"{place}.due_on", code="session.due_not_after_issue", day=issued_on)


def _faults_of_agencies(
    place: str, commitment: ProposedCommitment, issued_on: date
) -> Iterator[Fault]:
    lead = commitment.lead
    if lead is None:
        yield Fault(place=f"{place}.lead_agency", code="session.lead_missing")
    elif lead.standing is not Standing.COMPETENT:
        yield _not_competent(f"{place}.lead_agency", lead, issued_on)
    times = Counter(agency.key for agency in commitment.cooperating)
    for agency in dict.fromkeys(commitment.cooperating):
        at = f"{place}.cooperating_agencies"
        if lead is not None and agency.key == lead.key:
            yield Fault(place=at, code="session.lead_cooperates", agency=agency.key)
        elif times[agency.key] > 1:
            yield Fault(place=at, code="session.cooperating_twice", agency=agency.key)
        elif agency.standing is not Standing.COMPETENT:
            yield _not_competent(at, agency, issued_on)


def _not_competent(place: str, agency: NamedAgency, issued_on: date) -> Fault:
    if agency.standing is Standing.UNKNOWN:
        return Fault(place=place, code="session.agency_unknown", agency=agency.key)
    code = "session.agency_not_competent"
    return Fault(place=place, code=code, agency=agency.key, day=issued_on)


def faults_of_opinions(
    opinions_by_commitment: Sequence[Sequence[str]], held: Begun
) -> Iterator[Fault]:
    """Yield opinions that have no place in their commitment, and those that have none at all."""
    covered: set[str] = set()
    for number, opinion_ids in enumerate(opinions_by_commitment, start=1):
        place = f"commitments[{number}].opinion_ids"
        for opinion_id in opinion_ids:
            if opinion_id not in held.opinions:
                code = "session.opinion_not_of_session"
            elif opinion_id in held.answered:
                code = "session.opinion_answered_on_spot"
            elif opinion_id in covered:
                code = "session.opinion_covered_twice"
            else:
                covered.add(opinion_id)
                continue
            yield Fault(place=place, code=code, opinion_id=opinion_id)
    for opinion_id in sorted(held.opinions - held.answered.keys() - covered):
        code = "session.opinion_without_disposition"
        yield Fault(place="opinions", code=code, opinion_id=opinion_id)


def promised(proposed: ProposedCommitment) -> Commitment | None:
    """Return the commitment, or None where what makes one is not stated."""
    if proposed.lead is None or proposed.product is None or proposed.due_on is None:
        return None
    return Commitment(
        commitment_id=proposed.commitment_id,
        field=proposed.field,
        opinion_ids=proposed.opinion_ids,
        lead_agency=proposed.lead.key,
        cooperating_agencies=tuple(agency.key for agency in proposed.cooperating),
        product=proposed.product,
        due_on=proposed.due_on,
        supersedes=proposed.supersedes,
    )
