-- name = "obligations"
-- revision = 1
-- cells = ["unit", "level"]
-- measures = ["obligations_met", "obligations_missed"]

-- Duties to hold periodic sessions, on the last day of their periods. One whose sessions were
-- recorded after its miss is met, and missed no more.

SELECT province, origin, position, event_id, period_to AS day, unit, level,
    'obligations_met' AS measure, 1 AS amount
FROM SessionObligationMet
UNION ALL
SELECT province, origin, position, event_id, period_to, unit, level, 'obligations_missed', 1
FROM SessionObligationMissed
UNION ALL
SELECT province, origin, position, event_id, period_to, unit, level, 'obligations_missed', -1
FROM SessionObligationMet
WHERE was_missed
