-- name = "cases"
-- revision = 1
-- cells = ["unit", "level"]
-- measures = [
--   "cases", "in_screening", "eligible", "scheduled", "in_handling", "answered", "declined",
--   "merged", "withdrawn",
-- ]
-- [balance]
-- cases = [
--   "in_screening+eligible", "scheduled", "in_handling", "answered", "declined", "merged",
--   "withdrawn",
-- ]

-- Where the opinions received in a period are now: received, less those that were split (their
-- parts are received too). Every one is in exactly one place, or the report is refused.
-- `answered` holds closed ones too. A decline by an older release doesn't say where it came
-- from: it is taken out of screening, so that screening and eligible are right together.

SELECT province, origin, position, event_id, received_on AS day, unit, level,
    'cases' AS measure, 1 AS amount
FROM OpinionReceived
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    CASE WHEN session_id IS NULL THEN 'in_screening' ELSE 'scheduled' END, 1
FROM OpinionReceived
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'cases', -1
FROM OpinionSplit
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    CASE state_before WHEN 'received' THEN 'in_screening' WHEN 'clarifying' THEN 'in_screening' ELSE state_before END, -1
FROM OpinionSplit
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'in_screening', -1
FROM OpinionAccepted
WHERE session_id IS NULL
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'eligible', 1
FROM OpinionAccepted
WHERE session_id IS NULL
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    CASE coalesce(state_before, 'received') WHEN 'received' THEN 'in_screening' WHEN 'clarifying' THEN 'in_screening' ELSE coalesce(state_before, 'received') END, -1
FROM OpinionDeclined
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'declined', 1
FROM OpinionDeclined
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'eligible', -1
FROM OpinionScheduled
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'scheduled', 1
FROM OpinionScheduled
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'scheduled', -1
FROM OpinionUnscheduled
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'eligible', 1
FROM OpinionUnscheduled
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'eligible', -1
FROM OpinionReferred
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'in_handling', 1
FROM OpinionReferred
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    coalesce(state_before, 'scheduled'), -1
FROM OpinionCoveredByCommitment
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'in_handling', 1
FROM OpinionCoveredByCommitment
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'in_handling', -1
FROM OpinionReturned
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'eligible', 1
FROM OpinionReturned
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    CASE WHEN on_the_spot THEN 'scheduled' ELSE 'in_handling' END, -1
FROM OpinionAnswered
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'answered', 1
FROM OpinionAnswered
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'answered', -1
FROM OpinionReopened
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'in_handling', 1
FROM OpinionReopened
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    CASE state_before WHEN 'received' THEN 'in_screening' WHEN 'clarifying' THEN 'in_screening' ELSE state_before END, -1
FROM OpinionMerged
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'merged', 1
FROM OpinionMerged
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'merged', -1
FROM OpinionUnmerged
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    CASE state_after WHEN 'received' THEN 'in_screening' WHEN 'clarifying' THEN 'in_screening' ELSE state_after END, 1
FROM OpinionUnmerged
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    CASE state_before WHEN 'received' THEN 'in_screening' WHEN 'clarifying' THEN 'in_screening' ELSE state_before END, -1
FROM OpinionWithdrawn
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level,
    'withdrawn', 1
FROM OpinionWithdrawn
