"""An opinion may have no text here: the reference that came with it was not believed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    with op.batch_alter_table("opinion") as batch:
        batch.alter_column("text_id", existing_type=sa.Text(), nullable=True)
        batch.add_column(sa.Column("text_refused", sa.Text(), nullable=True))
