-- name = "sessions"
-- revision = 4
-- cells = ["unit", "level", "session_kind"]
-- measures = [
--   "sessions", "attendances", "opinions", "voices", "declined", "withdrawn",
--   "answered", "answered_on_spot", "on_time", "late", "overdue",
-- ]
-- declared = ["sessions", "attendances", "opinions", "answered"]
-- [shares]
-- answered_share = ["answered", "opinions"]

-- Cohorts: whatever concerns an opinion counts on the day of its session, in the session's
-- kind; without a session on the day it was received, with no kind. An answer counts there
-- whenever it comes. Answers and misses are those before the first reopening, which freezes
-- them: an opinion is answered once, however often it is answered again. An opinion merged
-- into another counts no more, its voices count with its head; of one that was split, its
-- parts count. A declined or withdrawn opinion was still an opinion.
-- An opinion counts where its session counts, in the unit and level that hold it: a ward's
-- opinion heard at the district's session is one of the district's. Without a session it
-- counts in its own. All that is said of an opinion is said by Intake, so that `answered` +
-- `overdue` never exceed `opinions`, in whichever row.
-- Attendances count from the moment they are recorded, so those of a session in progress
-- stand beside `sessions` = 0 until it ends.

WITH opinion AS (
    SELECT province, origin, position, event_id, coalesce(held_on, received_on) AS day,
        coalesce(session_unit, unit) AS unit, coalesce(session_level, level) AS level,
        session_kind, 1 AS opinions, voices
    FROM OpinionReceived
    UNION ALL  -- a session takes it out of the cohort that it was in
    SELECT province, origin, position, event_id, coalesce(held_on_before, received_on),
        coalesce(session_unit_before, unit), coalesce(session_level_before, level),
        session_kind_before, -1, -voices
    FROM OpinionScheduled
    UNION ALL
    SELECT province, origin, position, event_id, held_on,
        coalesce(session_unit, unit), coalesce(session_level, level), session_kind, 1, voices
    FROM OpinionScheduled
    UNION ALL  -- and gives it back
    SELECT province, origin, position, event_id, held_on,
        coalesce(session_unit, unit), coalesce(session_level, level), session_kind,
        -1, -voices
    FROM OpinionUnscheduled
    UNION ALL
    SELECT province, origin, position, event_id, received_on, unit, level, NULL, 1, voices
    FROM OpinionUnscheduled
    UNION ALL  -- the session moves, and its opinions with it
    SELECT province, origin, position, event_id, held_on_before,
        coalesce(session_unit, unit), coalesce(session_level, level), session_kind,
        -1, -voices
    FROM OpinionRescheduled
    UNION ALL
    SELECT province, origin, position, event_id, held_on,
        coalesce(session_unit, unit), coalesce(session_level, level), session_kind, 1, voices
    FROM OpinionRescheduled
    UNION ALL
    SELECT province, origin, position, event_id, coalesce(held_on, received_on),
        coalesce(session_unit, unit), coalesce(session_level, level),
        session_kind, -1, -voices_moved
    FROM OpinionMerged
    UNION ALL
    SELECT province, origin, position, event_id, coalesce(held_on, received_on),
        coalesce(session_unit, unit), coalesce(session_level, level),
        session_kind, 1, voices_moved
    FROM OpinionUnmerged
    UNION ALL
    SELECT province, origin, position, event_id, coalesce(held_on, received_on),
        coalesce(session_unit, unit), coalesce(session_level, level),
        session_kind, 0, voices_moved
    FROM MembersJoined
    UNION ALL
    SELECT province, origin, position, event_id, coalesce(held_on, received_on),
        coalesce(session_unit, unit), coalesce(session_level, level),
        session_kind, 0, -voices_moved
    FROM MembersLeft
    UNION ALL
    SELECT province, origin, position, event_id, coalesce(held_on, received_on),
        coalesce(session_unit, unit), coalesce(session_level, level),
        session_kind, -1, -voices
    FROM OpinionSplit
),

answer AS (
    SELECT province, origin, position, event_id, coalesce(held_on, received_on) AS day,
        coalesce(session_unit, unit) AS unit, coalesce(session_level, level) AS level, session_kind,
        CASE
            WHEN on_the_spot THEN 'answered_on_spot'
            WHEN days_late IS NULL OR days_late = 0 THEN 'on_time'
            ELSE 'late'
        END AS manner
    FROM OpinionAnswered
    WHERE reopened IS NOT TRUE
)

SELECT province, origin, position, event_id, held_on AS day, unit, level, session_kind,
    'sessions' AS measure, 1 AS amount
FROM SessionEnded
UNION ALL
SELECT province, origin, position, event_id, held_on, unit, level, session_kind,
    'attendances', attendances - attendances_before
FROM AttendanceRecorded
UNION ALL
SELECT province, origin, position, event_id, day, unit, level, session_kind, 'opinions', opinions
FROM opinion
WHERE opinions <> 0
UNION ALL
SELECT province, origin, position, event_id, day, unit, level, session_kind,
    'voices', voices
FROM opinion
UNION ALL
SELECT province, origin, position, event_id, coalesce(held_on, received_on),
    coalesce(session_unit, unit), coalesce(session_level, level),
    session_kind, 'declined', 1
FROM OpinionDeclined
UNION ALL
SELECT province, origin, position, event_id, coalesce(held_on, received_on),
    coalesce(session_unit, unit), coalesce(session_level, level),
    session_kind, 'withdrawn', 1
FROM OpinionWithdrawn
UNION ALL
SELECT province, origin, position, event_id, day, unit, level, session_kind, 'answered', 1
FROM answer
UNION ALL
SELECT province, origin, position, event_id, day, unit, level, session_kind, manner, 1
FROM answer
UNION ALL  -- open although its day has passed, until the people have their answer
SELECT province, origin, position, event_id, coalesce(held_on, received_on),
    coalesce(session_unit, unit), coalesce(session_level, level),
    session_kind, 'overdue', 1
FROM OpinionBecameOverdue
WHERE reopened IS NOT TRUE
UNION ALL
SELECT province, origin, position, event_id, coalesce(held_on, received_on),
    coalesce(session_unit, unit), coalesce(session_level, level),
    session_kind, 'overdue', -1
FROM OpinionAnswered
WHERE was_overdue AND reopened IS NOT TRUE
UNION ALL
SELECT province, origin, position, event_id, coalesce(held_on, received_on),
    coalesce(session_unit, unit), coalesce(session_level, level),
    session_kind, 'overdue', -1
FROM OpinionReturned
WHERE was_overdue AND reopened IS NOT TRUE
UNION ALL
SELECT province, origin, position, event_id, coalesce(held_on, received_on),
    coalesce(session_unit, unit), coalesce(session_level, level),
    session_kind, 'overdue', -1
FROM OpinionWithdrawn
WHERE was_overdue AND reopened IS NOT TRUE
