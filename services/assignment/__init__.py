"""Assignment (giao việc): whose duty a matter is, until when, and what became of it.

Owns assignments, their deadlines and answers, and the feed of every agency.
Hears of Intake `OpinionReferred`, of Sessions `ConclusionIssued`.
Publishes `AssignmentIssued`, `AssignmentAccepted`, `AnswerSubmitted`, `AnswerReleased`,
`DeadlineMissed`.
"""
