"""The key that makes sending a form twice the same as sending it once."""

from flask import request


def form_key() -> str | None:
    """Return the idempotency key that the form was shown with."""
    return request.form.get("idempotency_key") or None
