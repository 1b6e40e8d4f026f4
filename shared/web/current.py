"""The service that the current request is for."""

from typing import cast

from flask import current_app

from shared.runtime import Runtime


def runtime() -> Runtime:
    """Return the open service of the current Flask app."""
    return cast(Runtime, current_app.extensions["runtime"])
