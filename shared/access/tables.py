"""The one table of the access database."""

import sqlalchemy as sa

METADATA = sa.MetaData()
"""Created and migrated by the deployment, as every service's own."""

access_token = sa.Table(
    "access_token",
    METADATA,
    sa.Column("token_id", sa.String(16), primary_key=True),
    sa.Column("secret_sha256", sa.String(64), nullable=False),
    sa.Column("seat", sa.String(80), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("province", sa.String(80)),
    sa.Column("agency", sa.String(80)),
    sa.Column("unit", sa.String(80)),
    # RFC 3339 in UTC with microseconds, which sorts as time does.
    sa.Column("issued_at", sa.String(27), nullable=False),
    sa.Column("expires_at", sa.String(27), nullable=False),
    sa.Column("revoked_at", sa.String(27)),
    sa.Index("ix_access_token_issued_at", "issued_at", "token_id"),
)
