"""Reporting (báo cáo): what the events add up to, and the proof that they do.

Owns the journal, which is its own verified copy of every log, the statistics, the live
figures and the published reports. Hears everything that Intake, Sessions and Assignment
record. Publishes `ReportPublished`.
"""
