-- name = "levels"
-- revision = 1
-- cells = ["unit", "level"]
-- measures = ["classified", "skipping"]
-- [shares]
-- skipping_share = ["skipping", "classified"]

-- Matters that were brought above the level that is competent (vượt cấp), among those that
-- screening classified: as it found them last, whatever became of them, on the day that they
-- were received.

SELECT province, origin, position, event_id, received_on AS day, unit, level,
    'classified' AS measure, 1 AS amount
FROM OpinionClassified
WHERE again IS NOT TRUE
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level, 'skipping', 1
FROM OpinionClassified
WHERE skips_level
UNION ALL
SELECT province, origin, position, event_id, received_on, unit, level, 'skipping', -1
FROM OpinionClassified
WHERE skips_level_before
