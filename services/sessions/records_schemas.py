"""The queries that Sessions' documents and lists take."""

import marshmallow as ma

from services.sessions.schemas import TextQuery
from shared.web.schemas import KEY, ProvinceBody


class NoticeQuery(TextQuery):
    """Why the notice is read, and which."""

    amendment = ma.fields.Integer(
        load_default=None,
        validate=ma.validate.Range(min=0, max=200),
        metadata={"description": "0: the conclusion itself; the latest when left out"},
    )


class FeedQuery(ProvinceBody):
    """Whose calendar."""

    unit = ma.fields.String(required=True, validate=KEY)


class PlanQuery(ProvinceBody):
    """Which year's duties."""

    year = ma.fields.Integer(required=True, validate=ma.validate.Range(min=2000, max=2100))
    unit = ma.fields.String(load_default=None, validate=KEY)


class BreachQuery(ProvinceBody):
    """Which days, both inclusive."""

    from_on = ma.fields.Date("iso", data_key="from", required=True)
    to_on = ma.fields.Date("iso", data_key="to", required=True)
    unit = ma.fields.String(load_default=None, validate=KEY)
