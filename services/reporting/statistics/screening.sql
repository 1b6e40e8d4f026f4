-- name = "screening"
-- revision = 1
-- cells = ["organisation", "step"]
-- measures = ["taken", "days", "late"]

-- How long each step takes until an opinion has a disposition, by organisation: `taken` is
-- how often a step was taken, `days` are calendar days of all of them, `late` those past the
-- regulation's limit. On the day that the opinion was received. Older releases did not state
-- the days of a step: it is left out.

SELECT province, origin, position, event_id, received_on AS day, organisation,
    'gathering' AS step, 'taken' AS measure, 1 AS amount
FROM OpinionReceived
WHERE gathering_days IS NOT NULL
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'gathering', 'days',
    gathering_days
FROM OpinionReceived
WHERE gathering_days IS NOT NULL
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'acknowledgement',
    'taken', 1
FROM ReceiptAcknowledged
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'acknowledgement',
    'days', days_taken
FROM ReceiptAcknowledged
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'acknowledgement',
    'late', 1
FROM ReceiptAcknowledged
WHERE days_late > 0
UNION ALL
SELECT province, origin, position, event_id, received_on, receiver, 'handover', 'taken', 1
FROM HandoverAcknowledged
UNION ALL
SELECT province, origin, position, event_id, received_on, receiver, 'handover', 'days',
    days_taken
FROM HandoverAcknowledged
UNION ALL
SELECT province, origin, position, event_id, received_on, receiver, 'handover', 'late', 1
FROM HandoverAcknowledged
WHERE days_late > 0
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'screening', 'taken', 1
FROM OpinionAccepted
WHERE screening_days IS NOT NULL
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'screening', 'days',
    screening_days
FROM OpinionAccepted
WHERE screening_days IS NOT NULL
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'screening', 'taken', 1
FROM OpinionDeclined
WHERE screening_days IS NOT NULL
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'screening', 'days',
    screening_days
FROM OpinionDeclined
WHERE screening_days IS NOT NULL
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'forwarding', 'taken', 1
FROM ForwardingNotified
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'forwarding', 'late', 1
FROM ForwardingNotified
WHERE days_late > 0
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'disposition', 'taken', 1
FROM OpinionScheduled
WHERE waited_days IS NOT NULL
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'disposition', 'days',
    waited_days
FROM OpinionScheduled
WHERE waited_days IS NOT NULL
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'disposition', 'taken', 1
FROM OpinionReferred
WHERE waited_days IS NOT NULL
UNION ALL
SELECT province, origin, position, event_id, received_on, organisation, 'disposition', 'days',
    waited_days
FROM OpinionReferred
WHERE waited_days IS NOT NULL
