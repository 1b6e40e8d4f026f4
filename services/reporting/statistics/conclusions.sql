-- name = "conclusions"
-- revision = 1
-- cells = ["unit", "level", "session_kind"]
-- measures = [
--   "conclusions", "conclusions_late", "amendments", "results_published", "results_late",
--   "sessions_completed",
-- ]
-- [shares]
-- conclusions_late_share = ["conclusions_late", "conclusions"]

-- What follows sessions, on the day of the session: conclusions and publications, in time or
-- late. A conclusion of a release that did not say when it was due is not counted as late.

SELECT province, origin, position, event_id, held_on AS day, unit, level, session_kind,
    'conclusions' AS measure, 1 AS amount
FROM ConclusionIssued
UNION ALL
SELECT province, origin, position, event_id, held_on, unit, level, session_kind,
    'conclusions_late', 1
FROM ConclusionIssued
WHERE days_late > 0
UNION ALL
SELECT province, origin, position, event_id, held_on, unit, level, session_kind,
    'amendments', 1
FROM ConclusionAmended
UNION ALL
SELECT province, origin, position, event_id, held_on, unit, level, session_kind,
    'results_published', 1
FROM ResultsPublished
UNION ALL
SELECT province, origin, position, event_id, held_on, unit, level, session_kind,
    'results_late', 1
FROM ResultsPublished
WHERE days_late > 0
UNION ALL
SELECT province, origin, position, event_id, held_on, unit, level, session_kind,
    'sessions_completed', 1
FROM SessionCompleted
