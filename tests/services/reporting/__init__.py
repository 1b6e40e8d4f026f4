"""Tests of Reporting."""
