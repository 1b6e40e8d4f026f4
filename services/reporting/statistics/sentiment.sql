-- name = "sentiment"
-- revision = 1
-- cells = ["unit", "field", "organisation", "stance", "intensity", "breadth"]
-- measures = ["sentiment_reports"]

-- How organisations hear people take matters: reports, on the day they were made. A mood is
-- never a number of people: nothing here is added to opinions, nor opinions to it.

SELECT province, origin, position, event_id, reported_on AS day, unit, field, organisation,
    stance, intensity, breadth, 'sentiment_reports' AS measure, 1 AS amount
FROM SentimentReported
