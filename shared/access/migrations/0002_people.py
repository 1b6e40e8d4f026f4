"""Persons, seats, accounts, signed-in browsers; a vault for the persons' names."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "account",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("totp_key_id", sa.String(length=120), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("disabled_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("person_id"),
        sa.UniqueConstraint("login"),
        sa.UniqueConstraint("subject"),
    )
    op.create_table(
        "acting",
        sa.Column("acting_id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("seat", sa.String(length=80), nullable=False),
        sa.Column("since", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("acting_id"),
    )
    op.create_index("ix_acting_seat", "acting", ["seat", "since"], unique=False)
    op.create_table(
        "failed_sign_in",
        sa.Column("tried_sha256", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("tried_sha256"),
    )
    op.create_table(
        "holding",
        sa.Column("holding_id", sa.String(length=36), nullable=False),
        sa.Column("seat", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("holding_id"),
    )
    op.create_index("ix_holding_person", "holding", ["person_id", "valid_from"], unique=False)
    op.create_index("ix_holding_seat", "holding", ["seat", "valid_from"], unique=False)
    op.create_table(
        "person",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("province", sa.String(length=80), nullable=True),
        sa.Column("added_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "code_sha256"),
    )
    op.create_table(
        "seat",
        sa.Column("seat", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("province", sa.String(length=80), nullable=True),
        sa.Column("agency", sa.String(length=80), nullable=True),
        sa.Column("unit", sa.String(length=80), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("seat"),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=False),
        sa.Column("used_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("secret_sha256"),
    )
    op.create_table(
        "vault_access",
        sa.Column("access_id", sa.String(length=36), nullable=False),
        sa.Column("text_id", sa.String(length=120), nullable=False),
        sa.Column("reader", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("access_id"),
    )
    op.create_index("ix_vault_access_text_id", "vault_access", ["text_id", "at"], unique=False)
    op.create_table(
        "vault_key",
        sa.Column("text_id", sa.String(length=120), nullable=False),
        sa.Column("wrapping_key_id", sa.String(length=16), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("text_id"),
    )
    op.create_index(
        "ix_vault_key_wrapping_key_id", "vault_key", ["wrapping_key_id", "text_id"], unique=False
    )
    op.create_table(
        "vault_text",
        sa.Column("text_id", sa.String(length=120), nullable=False),
        sa.Column("province", sa.String(length=120), nullable=False),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("stored_at", sa.String(length=27), nullable=False),
        sa.Column("erased_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("text_id"),
    )
    op.create_table(
        "web_session",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("seat", sa.String(length=80), nullable=True),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.String(length=27), nullable=False),
        sa.Column("seen_at", sa.String(length=27), nullable=False),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("session_id"),
        sa.UniqueConstraint("secret_sha256"),
    )
    op.create_index("ix_web_session_person", "web_session", ["person_id", "begun_at"], unique=False)
