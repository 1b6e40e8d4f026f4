"""What Reporting's API answers with, for its description; null is "not stated"."""

import marshmallow as ma

from services.reporting.report import STATUSES


class LogSizeSchema(ma.Schema):
    """How many entries of a log were counted."""

    origin = ma.fields.String()
    size = ma.fields.Integer()


class StatisticSchema(ma.Schema):
    """A statistic: what it counts, and what figures are broken down by."""

    name = ma.fields.String()
    title = ma.fields.String()
    revision = ma.fields.Integer()
    sha256 = ma.fields.String()
    cells = ma.fields.List(ma.fields.String())
    measures = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String())
    declared = ma.fields.List(ma.fields.String())
    shares = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.List(ma.fields.String()))


class StatisticsSchema(ma.Schema):
    """Every statistic there is."""

    statistics = ma.fields.List(ma.fields.Nested(StatisticSchema))


class ProvinceFileSchema(ma.Schema):
    """The province file that says what declared rows are about."""

    province = ma.fields.String()
    sha256 = ma.fields.String()


class DifferenceSchema(ma.Schema):
    """A measure that was declared otherwise than computed."""

    measure = ma.fields.String()
    declared = ma.fields.Integer()
    computed = ma.fields.Integer(allow_none=True)


class RowSchema(ma.Schema):
    """A row: besides these a property per dimension, measure and share of the statistic."""

    class Meta:
        """Which they are, the statistic says."""

        unknown = ma.INCLUDE

    scope = ma.fields.String(allow_none=True)
    declared = ma.fields.Dict(allow_none=True)
    differences = ma.fields.List(ma.fields.Nested(DifferenceSchema))
    incomparable = ma.fields.List(ma.fields.String())
    approximate = ma.fields.List(ma.fields.String())
    status = ma.fields.String(validate=ma.validate.OneOf(STATUSES))
    missing = ma.fields.List(ma.fields.String())


class ReportSchema(ma.Schema):
    """A report as JSON; its bytes are canonical."""

    statistic = ma.fields.String()
    revision = ma.fields.Integer()
    statistic_sha256 = ma.fields.String()
    provinces = ma.fields.List(ma.fields.String())
    period_from = ma.fields.Date("iso", data_key="from")
    period_to = ma.fields.Date("iso", data_key="to")
    by = ma.fields.List(ma.fields.String())
    measures = ma.fields.List(ma.fields.String())
    logs = ma.fields.List(ma.fields.Nested(LogSizeSchema))
    references = ma.fields.List(ma.fields.Nested(ProvinceFileSchema))
    known_at = ma.fields.String(allow_none=True)
    rows = ma.fields.List(ma.fields.Nested(RowSchema))
    totals = ma.fields.Nested(RowSchema)
    declared_not_shown = ma.fields.Integer()


class TracedSchema(ma.Schema):
    """An event behind a figure, and what it adds; besides these its cells."""

    class Meta:
        """Which they are, the statistic says."""

        unknown = ma.INCLUDE

    origin = ma.fields.String()
    position = ma.fields.Integer()
    event_id = ma.fields.String()
    type = ma.fields.String()
    day = ma.fields.Date("iso")
    amount = ma.fields.Integer()


class TraceSchema(ma.Schema):
    """A page of the events behind a figure."""

    events = ma.fields.List(ma.fields.Nested(TracedSchema))
    next = ma.fields.String(allow_none=True, metadata={"description": "`after` of the next page"})


class DeclaredRowSchema(ma.Schema):
    """A declared row as it was imported, and where it was recorded; what is left out is null."""

    class Meta:
        """The fields of the event `SessionResultsDeclared` stand beside these."""

        unknown = ma.INCLUDE

    province = ma.fields.String()
    origin = ma.fields.String()
    position = ma.fields.Integer()


class DeclaredRowsSchema(ma.Schema):
    """A page of declared rows."""

    declared = ma.fields.List(ma.fields.Nested(DeclaredRowSchema))
    next = ma.fields.String(allow_none=True, metadata={"description": "`after` of the next page"})


class PublishedFactSchema(ma.Schema):
    """The fact that a report is public, as it stands in the log."""

    report_id = ma.fields.String()
    statistic = ma.fields.String()
    statistic_sha256 = ma.fields.String()
    period_from = ma.fields.Date("iso")
    period_to = ma.fields.Date("iso")
    by = ma.fields.List(ma.fields.String())
    logs = ma.fields.List(ma.fields.Nested(LogSizeSchema))
    report_sha256 = ma.fields.String()


class PublishedReportSchema(ma.Schema):
    """A published report in a list."""

    report_id = ma.fields.String()
    province = ma.fields.String()
    statistic = ma.fields.String()
    statistic_sha256 = ma.fields.String()
    period_from = ma.fields.Date("iso", data_key="from")
    period_to = ma.fields.Date("iso", data_key="to")
    by = ma.fields.List(ma.fields.String())
    logs = ma.fields.List(ma.fields.Nested(LogSizeSchema))
    report_sha256 = ma.fields.String()
    published_at = ma.fields.String()


class PublishedReportsSchema(ma.Schema):
    """A page of published reports."""

    published = ma.fields.List(ma.fields.Nested(PublishedReportSchema))


class RecountedStatisticSchema(ma.Schema):
    """What a recount of one statistic gave."""

    statistic = ma.fields.String()
    statistic_sha256 = ma.fields.String()
    cells = ma.fields.Integer()
    equal = ma.fields.Boolean()
    differences = ma.fields.List(ma.fields.Dict())


class RecountSchema(ma.Schema):
    """What a recount from the first entry gave."""

    equal = ma.fields.Boolean()
    entries = ma.fields.Integer()
    logs = ma.fields.List(ma.fields.Nested(LogSizeSchema))
    faults = ma.fields.List(ma.fields.Dict())
    statistics = ma.fields.List(ma.fields.Nested(RecountedStatisticSchema))


class JournalLogSchema(LogSizeSchema):
    """How much of one log is here."""

    last_time = ma.fields.String(allow_none=True)


class JournalSchema(ma.Schema):
    """The copy of all logs."""

    logs = ma.fields.List(ma.fields.Nested(JournalLogSchema))
