-- name = "fields"
-- revision = 2
-- cells = ["unit", "field"]
-- measures = ["opinions", "answered"]
-- [shares]
-- answered_share = ["answered", "opinions"]

-- What people speak about: opinions by field, on the day they were received. Answered once,
-- however often an opinion is answered again after a reopening.

SELECT province, origin, position, event_id, received_on AS day, unit, field,
    'opinions' AS measure, 1 AS amount
FROM OpinionReceived
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, field, 'answered', 1
FROM OpinionAnswered
WHERE round = 1
