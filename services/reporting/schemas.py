"""The bodies and queries that Reporting's API takes, checked before anything else looks."""

import marshmallow as ma
from webargs.fields import DelimitedList

from shared.web.schemas import KEY, PAGE_DEFAULT_ROWS, PAGE_MAX_ROWS, Page

PROVINCES_MAX = 100
DIMENSIONS_MAX = 8
FORMATS = ("json", "csv", "table")


class Provinces(ma.Schema):
    """Which provinces; absent, the caller's own, or all where their scope is not limited."""

    class Meta:
        """Cells of a statistic are parameters too; the handler knows which."""

        unknown = ma.EXCLUDE

    province = ma.fields.List(
        ma.fields.String(validate=KEY),
        load_default=list,
        validate=ma.validate.Length(max=PROVINCES_MAX),
    )


class Period(Provinces):
    """Which period, both days inclusive."""

    period_from = ma.fields.Date("iso", required=True, data_key="from")
    period_to = ma.fields.Date("iso", required=True, data_key="to")


class ReportQuery(Period):
    """A report: its period, its rows, its form."""

    by = DelimitedList(
        ma.fields.String(validate=KEY),
        load_default=list,
        validate=ma.validate.Length(max=DIMENSIONS_MAX),
        metadata={"description": "province, month, day or cells of the statistic: level,…"},
    )
    format = ma.fields.String(load_default="json", validate=ma.validate.OneOf(FORMATS))
    bom = ma.fields.Boolean(
        load_default=False, metadata={"description": "CSV with a byte order mark"}
    )


class Publication(ma.Schema):
    """A report to be published: of one province, whose log says so."""

    province = ma.fields.String(required=True, validate=KEY)
    period_from = ma.fields.Date("iso", required=True, data_key="from")
    period_to = ma.fields.Date("iso", required=True, data_key="to")
    by = ma.fields.List(
        ma.fields.String(validate=KEY),
        load_default=list,
        validate=ma.validate.Length(max=DIMENSIONS_MAX),
    )


class DeclaredQuery(Provinces):
    """Which declared rows to list; `after` is the `next` of the page before."""

    after = ma.fields.String(load_default="", validate=ma.validate.Length(max=300))
    limit = ma.fields.Integer(
        load_default=PAGE_DEFAULT_ROWS, validate=ma.validate.Range(min=1, max=PAGE_MAX_ROWS)
    )


class TraceQuery(Period, DeclaredQuery):
    """A figure: besides these, a parameter per cell of the statistic, empty for "none"."""

    measure = ma.fields.String(required=True, validate=KEY)


class PublishedQuery(Page):
    """Which published reports to list."""


class RecountBody(ma.Schema):
    """What to count again; absent, everything."""

    province = ma.fields.List(
        ma.fields.String(validate=KEY),
        load_default=list,
        validate=ma.validate.Length(max=PROVINCES_MAX),
    )
    statistic = ma.fields.List(
        ma.fields.String(validate=KEY),
        load_default=list,
        validate=ma.validate.Length(max=PROVINCES_MAX),
    )
