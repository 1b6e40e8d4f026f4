-- name = "assignments"
-- revision = 1
-- cells = ["unit", "field", "agency"]
-- measures = [
--   "issued", "released", "citizen_on_time", "agency_on_time", "missed", "refused",
--   "transferred", "accepted_by_silence", "contributions_missed", "cancelled", "verified",
--   "held_working_days",
-- ]
-- [shares]
-- citizen_on_time_share = ["citizen_on_time", "released"]

-- What agencies are given and what becomes of it: flows, each on the day it happened, of every
-- round. Whatever is said of an agency is said of the one that led at that moment: a transfer
-- and the working days that it ends count for the agency before, a missed contribution for the
-- agency that did not contribute. Two measures of punctuality, never mixed: what the people
-- waited (until the release), and what the agency took (until the submission).

SELECT province, origin, position, event_id, issued_on AS day, unit, field, agency,
    'issued' AS measure, 1 AS amount
FROM AssignmentIssued
UNION ALL
SELECT province, origin, position, event_id, issued_on, unit, field, agency, 'issued', 1
FROM AssignmentReopened
UNION ALL
SELECT province, origin, position, event_id, released_on, unit, field, agency, 'released', 1
FROM AnswerReleased
UNION ALL
SELECT province, origin, position, event_id, released_on, unit, field, agency,
    'citizen_on_time', 1
FROM AnswerReleased
WHERE days_late = 0
UNION ALL
SELECT province, origin, position, event_id, released_on, unit, field, agency,
    'agency_on_time', 1
FROM AnswerReleased
WHERE agency_days_late = 0
UNION ALL
SELECT province, origin, position, event_id, effective_on, unit, field, agency, 'missed', 1
FROM DeadlineMissed
UNION ALL
SELECT province, origin, position, event_id, refused_on, unit, field, agency, 'refused', 1
FROM AssignmentRefused
UNION ALL
SELECT province, origin, position, event_id, transferred_on, unit, field, agency_before,
    'transferred', 1
FROM LeadTransferred
UNION ALL
SELECT province, origin, position, event_id, auto_accepted_on, unit, field, agency,
    'accepted_by_silence', 1
FROM AutoAccepted
UNION ALL
SELECT province, origin, position, event_id, effective_on, unit, field, cooperating_agency,
    'contributions_missed', 1
FROM ContributionMissed
UNION ALL
SELECT province, origin, position, event_id, cancelled_on, unit, field, agency, 'cancelled', 1
FROM AssignmentCancelled
UNION ALL
SELECT province, origin, position, event_id, verified_on, unit, field, agency, 'verified', 1
FROM FulfilmentVerified
UNION ALL  -- the days of a lead, when its leg ends
SELECT province, origin, position, event_id, transferred_on, unit, field, agency_before,
    'held_working_days', held_working_days
FROM LeadTransferred
UNION ALL
SELECT province, origin, position, event_id, released_on, unit, field, agency,
    'held_working_days', held_working_days
FROM AnswerReleased
WHERE held_working_days IS NOT NULL
UNION ALL
SELECT province, origin, position, event_id, cancelled_on, unit, field, agency,
    'held_working_days', held_working_days
FROM AssignmentCancelled
UNION ALL
SELECT province, origin, position, event_id, superseded_on, unit, field, agency,
    'held_working_days', held_working_days
FROM AssignmentSuperseded
