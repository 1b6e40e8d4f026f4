-- name = "fields"
-- revision = 3
-- cells = ["unit", "field"]
-- measures = ["opinions", "answered"]
-- [shares]
-- answered_share = ["answered", "opinions"]

-- What people speak about: opinions by field, on the day they were received. Answered once,
-- however often an opinion is answered again after a reopening.

SELECT province, origin, position, event_id, received_on AS day, unit, field,
    'opinions' AS measure, 1 AS amount
FROM OpinionReceived
UNION ALL  -- another field, by what screening found
SELECT province, origin, position, event_id, received_on, unit, field_before, 'opinions', -1
FROM OpinionClassified
WHERE field <> field_before
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, field, 'opinions', 1
FROM OpinionClassified
WHERE field <> field_before
UNION ALL  -- its head, or its parts, count in its place
SELECT province, origin, position, event_id, received_on, unit, field, 'opinions', -1
FROM OpinionMerged
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, field, 'opinions', 1
FROM OpinionUnmerged
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, field, 'opinions', -1
FROM OpinionSplit
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, field, 'answered', 1
FROM OpinionAnswered
WHERE reopened IS NOT TRUE
