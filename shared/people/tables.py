"""Tables of persons, seats and sign-ins, in the database of tokens."""

import sqlalchemy as sa

from shared.access import METADATA
from shared.vault import vault_tables

VAULT = vault_tables(METADATA)
"""Names of persons, each under a key of its own."""

_KEY = sa.String(80)
_ID = sa.String(36)
_INSTANT = sa.String(27)  # RFC 3339 in UTC with microseconds, which sorts as time does
_SHA256 = sa.String(64)

seat = sa.Table(
    "seat",
    METADATA,
    sa.Column("seat", _KEY, primary_key=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("province", _KEY),
    sa.Column("agency", _KEY),
    sa.Column("unit", _KEY),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
)
"""An office (chức danh), with what it may do and where. Both days inclusive."""

person = sa.Table(
    "person",
    METADATA,
    sa.Column("person_id", _ID, primary_key=True),  # the name: `VAULT`, under this id
    sa.Column("province", _KEY),
    sa.Column("added_at", _INSTANT, nullable=False),
)
"""A person; of every province where none is named."""

holding = sa.Table(
    "holding",
    METADATA,
    sa.Column("holding_id", _ID, primary_key=True),
    sa.Column("seat", _KEY, nullable=False),
    sa.Column("person_id", _ID, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    sa.Index("ix_holding_seat", "seat", "valid_from"),
    sa.Index("ix_holding_person", "person_id", "valid_from"),
)
"""Who is on a seat, and when. Both days inclusive."""

account = sa.Table(
    "account",
    METADATA,
    sa.Column("person_id", _ID, primary_key=True),
    sa.Column("login", _KEY, nullable=False, unique=True),
    sa.Column("password_hash", sa.String(200)),
    sa.Column("totp_key_id", sa.String(120)),  # in the vault; never the key itself
    sa.Column("totp_step", sa.BigInteger),  # the last one used: a code signs in once
    sa.Column("subject", sa.String(300), unique=True),  # issuer and subject, of OpenID Connect
    sa.Column("disabled_at", _INSTANT),
)
"""How a person signs in."""

recovery_code = sa.Table(
    "recovery_code",
    METADATA,
    sa.Column("person_id", _ID, primary_key=True),
    sa.Column("code_sha256", _SHA256, primary_key=True),
)
"""Codes for whoever lost the second factor; one that was used is gone."""

sign_in_link = sa.Table(
    "sign_in_link",
    METADATA,
    sa.Column("secret_sha256", _SHA256, primary_key=True),
    sa.Column("person_id", _ID, nullable=False),
    sa.Column("expires_at", _INSTANT, nullable=False),
    sa.Column("used_at", _INSTANT),
)
"""Addresses that let a person in once, to choose a password."""

failed_sign_in = sa.Table(
    "failed_sign_in",
    METADATA,
    sa.Column("tried_sha256", _SHA256, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", _INSTANT, nullable=False),
)
"""How often a name, or an address, failed in a row. Neither is kept in readable form."""

web_session = sa.Table(
    "web_session",
    METADATA,
    sa.Column("session_id", _ID, primary_key=True),
    sa.Column("secret_sha256", _SHA256, nullable=False, unique=True),
    sa.Column("person_id", _ID, nullable=False),
    sa.Column("seat", _KEY),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("begun_at", _INSTANT, nullable=False),
    sa.Column("seen_at", _INSTANT, nullable=False),
    sa.Column("ended_at", _INSTANT),
    sa.Index("ix_web_session_person", "person_id", "begun_at"),
)
"""A browser that is signed in."""

acting = sa.Table(
    "acting",
    METADATA,
    sa.Column("acting_id", _ID, primary_key=True),
    sa.Column("session_id", _ID, nullable=False),
    sa.Column("person_id", _ID, nullable=False),
    sa.Column("seat", _KEY, nullable=False),
    sa.Column("since", _INSTANT, nullable=False),
    sa.Index("ix_acting_seat", "seat", "since"),
)
"""Who began to act for which seat, and when: what an event's actor is traced to."""
