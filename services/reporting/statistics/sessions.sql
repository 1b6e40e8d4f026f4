-- name = "sessions"
-- revision = 2
-- cells = ["unit", "level", "session_kind"]
-- measures = [
--   "sessions", "attendances", "opinions", "voices", "declined", "answered",
--   "answered_on_spot", "on_time", "late", "overdue",
-- ]
-- declared = ["sessions", "attendances", "opinions", "answered"]
-- [shares]
-- answered_share = ["answered", "opinions"]

-- Cohorts: whatever concerns an opinion counts on the day of its session, in the session's
-- kind; without a session on the day it was received, with no kind. An answer counts there
-- whenever it comes. Answers and misses are those of the first round, which a reopening
-- freezes: an opinion is answered once, however often it is answered again.
-- All that is said of an opinion is said by Intake, by the opinion's own unit and level, so
-- that `answered` + `overdue` never exceed `opinions`, in whichever row.
-- Attendances count from the moment they are recorded, so those of a session in progress
-- stand beside `sessions` = 0 until it ends.

WITH opinion AS (
    SELECT province, origin, position, event_id, coalesce(held_on, received_on) AS day,
        unit, level, session_kind, 1 AS sign, voices
    FROM OpinionReceived
    UNION ALL  -- a session takes it out of the day it was received
    SELECT province, origin, position, event_id, received_on, unit, level, NULL, -1, voices
    FROM OpinionScheduled
    UNION ALL
    SELECT province, origin, position, event_id, held_on, unit, level, session_kind, 1, voices
    FROM OpinionScheduled
    UNION ALL  -- and gives it back
    SELECT province, origin, position, event_id, held_on, unit, level, session_kind, -1, voices
    FROM OpinionUnscheduled
    UNION ALL
    SELECT province, origin, position, event_id, received_on, unit, level, NULL, 1, voices
    FROM OpinionUnscheduled
),

answer AS (
    SELECT province, origin, position, event_id, coalesce(held_on, received_on) AS day,
        unit, level, session_kind,
        CASE
            WHEN on_the_spot THEN 'answered_on_spot'
            WHEN days_late IS NULL OR days_late = 0 THEN 'on_time'
            ELSE 'late'
        END AS manner
    FROM OpinionAnswered
    WHERE round = 1
)

SELECT province, origin, position, event_id, held_on AS day, unit, level, session_kind,
    'sessions' AS measure, 1 AS amount
FROM SessionEnded
UNION ALL
SELECT province, origin, position, event_id, held_on, unit, level, session_kind,
    'attendances', attendances - attendances_before
FROM AttendanceRecorded
UNION ALL
SELECT province, origin, position, event_id, day, unit, level, session_kind, 'opinions', sign
FROM opinion
UNION ALL
SELECT province, origin, position, event_id, day, unit, level, session_kind,
    'voices', sign * voices
FROM opinion
UNION ALL
SELECT province, origin, position, event_id, coalesce(held_on, received_on), unit, level,
    session_kind, 'declined', 1
FROM OpinionDeclined
UNION ALL
SELECT province, origin, position, event_id, day, unit, level, session_kind, 'answered', 1
FROM answer
UNION ALL
SELECT province, origin, position, event_id, day, unit, level, session_kind, manner, 1
FROM answer
UNION ALL  -- open although its day has passed, until the people have their answer
SELECT province, origin, position, event_id, coalesce(held_on, received_on), unit, level,
    session_kind, 'overdue', 1
FROM OpinionBecameOverdue
WHERE round = 1
UNION ALL
SELECT province, origin, position, event_id, coalesce(held_on, received_on), unit, level,
    session_kind, 'overdue', -1
FROM OpinionAnswered
WHERE was_overdue AND round = 1
