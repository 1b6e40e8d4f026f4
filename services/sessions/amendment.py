"""What keeps an amending notice from being issued: the guards of a conclusion, and its own."""

from collections import Counter
from collections.abc import Iterator, Mapping

from services.sessions.conclusion import (
    Fault,
    faults_of_commitment,
    faults_of_notice,
    faults_of_opinions,
    faults_of_size,
    promised,
)
from services.sessions.conclusion_commands import (
    AmendConclusion,
    KeptCommitment,
    ProposedCommitment,
)
from services.sessions.states import Issued
from shared.contracts.sessions import Commitment
from shared.contracts.vocabulary import CommitmentProgress

DONE = frozenset({CommitmentProgress.SETTLED, CommitmentProgress.FULFILLED})
"""What was promised is there: it can't be promised otherwise afterwards."""
ENDED = DONE | {CommitmentProgress.CANCELLED}


def faults(proposed: AmendConclusion, issued: Issued) -> tuple[Fault, ...]:
    """Return everything that keeps `proposed` from being issued; () when nothing does."""
    latest = issued.amended or issued.conclusion
    current = _current(issued)
    covered = [_opinions_of(each, current) for each in proposed.commitments]
    written = [each for each in proposed.commitments if not isinstance(each, KeptCommitment)]
    return (
        *faults_of_notice(proposed, latest.issued_on, "session.issued_before_notice"),
        *faults_of_size(written, covered),
        *_faults_of_places(proposed, issued),
        *faults_of_opinions(covered, issued),
    )


def _faults_of_places(proposed: AmendConclusion, issued: Issued) -> Iterator[Fault]:
    current = _current(issued)
    named: Counter[str] = Counter()
    for number, each in enumerate(proposed.commitments, start=1):
        place = f"commitments[{number}]"
        is_kept = isinstance(each, KeptCommitment)
        if not isinstance(each, KeptCommitment):
            yield from faults_of_commitment(place, each, proposed.issued_on)
        former = each.commitment_id if isinstance(each, KeptCommitment) else each.supersedes
        if former is None:
            continue
        named[former] += 1
        if former not in current:
            yield Fault(place=place, code="session.commitment_not_current")
        elif named[former] > 1:
            yield Fault(place=place, code="session.commitment_named_twice")
        elif not is_kept and _is_done(issued, former):
            yield Fault(place=place, code="session.commitment_done")
    for commitment_id in current:
        if commitment_id not in named and _is_done(issued, commitment_id):
            yield Fault(place="commitments", code="session.commitment_done")
    if commitments_after(proposed, issued) == issued.commitments:
        yield Fault(place="commitments", code="session.amendment_changes_nothing")


def commitments_after(proposed: AmendConclusion, issued: Issued) -> tuple[Commitment, ...]:
    """Return what holds once `proposed` is issued; those that lack something are left out."""
    current = _current(issued)
    made = (
        current.get(each.commitment_id) if isinstance(each, KeptCommitment) else promised(each)
        for each in proposed.commitments
    )
    return tuple(each for each in made if each is not None)


def has_ended(issued: Issued, commitment_id: str) -> bool:
    """Return whether nothing more is to be done for a commitment."""
    progressed = issued.progress.get(commitment_id)
    return progressed is not None and progressed.progress in ENDED


def _is_done(issued: Issued, commitment_id: str) -> bool:
    progressed = issued.progress.get(commitment_id)
    return progressed is not None and progressed.progress in DONE


def _opinions_of(
    each: ProposedCommitment | KeptCommitment, current: Mapping[str, Commitment]
) -> tuple[str, ...]:
    if isinstance(each, KeptCommitment):
        kept = current.get(each.commitment_id)
        return kept.opinion_ids if kept is not None else ()
    return each.opinion_ids


def _current(issued: Issued) -> Mapping[str, Commitment]:
    return {each.commitment_id: each for each in issued.commitments}
