"""Assignment (giao việc): whose duty a matter is, until when, and what became of it.

Owns assignments, their legs, deadlines and answers, and the feed of every agency.
Hears of Intake `OpinionReferred`, `OpinionReopened` and `OpinionWithdrawn`, of Sessions
`ConclusionIssued` and `ConclusionAmended`. Publishes what `shared.contracts.assignment` holds.
"""
