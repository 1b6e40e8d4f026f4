"""Builds the official lists of `shared/territory/data` from the package that compiled them.

Development only: nothing here runs in a deployment, and the package is no dependency.
"""
