"""A survey can stand alone, month after month, under the codes that hang already."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every cycle there was appraises; no channel takes over another one's code."""
    op.add_column(
        "cycle",
        sa.Column("appraises", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    with op.batch_alter_table("channel") as channel:
        channel.add_column(sa.Column("takes_over", sa.Integer(), nullable=True))
        channel.create_foreign_key(
            op.f("fk_channel_takes_over"), "channel", ["takes_over"], ["id"]
        )
    op.create_index(op.f("ix_channel_takes_over"), "channel", ["takes_over"])


def downgrade() -> None:
    """Take both away; a series is a cycle like others then."""
    op.drop_index(op.f("ix_channel_takes_over"), "channel")
    with op.batch_alter_table("channel") as channel:
        channel.drop_constraint(op.f("fk_channel_takes_over"), type_="foreignkey")
        channel.drop_column("takes_over")
    op.drop_column("cycle", "appraises")
