"""Pieces of bodies and queries that every service's API uses."""

import marshmallow as ma

from shared.contracts.vocabulary import Visibility

KEY = ma.validate.Regexp(r"[a-z0-9][a-z0-9_-]{0,79}\Z", error="not a key")
"""Keys of provinces, units, fields, organisations, agencies; the error quotes nothing."""

CURSOR = ma.validate.Regexp(r"[!-~]{0,120}\Z", error="not a cursor")
"""The key that a page starts after: printable ASCII, whatever the list is ordered by."""

PAGE_DEFAULT_ROWS, PAGE_MAX_ROWS = 50, 200


class Texts(ma.Schema):
    """A text for people."""

    vi = ma.fields.String()
    en = ma.fields.String()


class ProvinceBody(ma.Schema):
    """A body that says which province it is for."""

    province = ma.fields.String(required=True, validate=KEY)


class Page(ProvinceBody):
    """A page of a list, in the order of its keys."""

    after = ma.fields.String(load_default="", validate=CURSOR)
    limit = ma.fields.Integer(
        load_default=PAGE_DEFAULT_ROWS, validate=ma.validate.Range(min=1, max=PAGE_MAX_ROWS)
    )


_TEXT_ID = ma.validate.Regexp(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", error="not a text id")
"""As depositing gives them; anything freer would let words into an event."""


class TextRefBody(ma.Schema):
    """A reference to a text that was deposited before."""

    text_id = ma.fields.String(required=True, validate=_TEXT_ID)
    owner = ma.fields.String(required=True, validate=KEY)
    commitment = ma.fields.String(required=True, validate=ma.validate.Regexp(r"[0-9a-f]{64}\Z"))
    visibility = ma.fields.Enum(Visibility, by_value=True, required=True)
