"""A channel is of a kind: a poster, a screen, slips, and others."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

KINDS = ("poster", "screen", "tablet", "slips", "invitations", "paper", "phone")
BEFORE = ("voiding", "extension", "subject-out", "reopening")
NEW = ("channel-stop", "channel-resume", "set-aside", "count-again")
KEPT = {"sqlite_autoincrement": True}
"""Numbers of acts do not come back."""


def _one_of(*kinds: str) -> str:
    """Return the condition that a kind is one of these."""
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"


def upgrade() -> None:
    """Every channel there was is a code on a wall."""
    with op.batch_alter_table("channel") as channel:
        channel.add_column(
            sa.Column("kind", sa.String(), server_default="poster", nullable=False)
        )
        channel.add_column(
            sa.Column("open_reason", sa.String(), server_default="", nullable=False)
        )
        channel.add_column(
            sa.Column("codes_out", sa.Integer(), server_default="0", nullable=False)
        )
        channel.add_column(sa.Column("visitors", sa.Integer(), nullable=True))
        channel.add_column(
            sa.Column(
                "is_stopped", sa.Boolean(), server_default=sa.false(), nullable=False
            )
        )
        channel.add_column(sa.Column("without_proof_of", sa.Integer(), nullable=True))
        channel.create_foreign_key(
            op.f("fk_channel_without_proof_of"),
            "channel",
            ["without_proof_of"],
            ["id"],
        )
        channel.create_check_constraint(op.f("ck_channel_kind"), _one_of(*KINDS))
    op.create_index(
        op.f("ix_channel_without_proof_of"), "channel", ["without_proof_of"]
    )
    with op.batch_alter_table("survey_act", table_kwargs=KEPT) as act:
        act.drop_constraint(op.f("ck_survey_act_kind"), type_="check")
        act.add_column(sa.Column("channel_id", sa.Integer(), nullable=True))
        act.create_check_constraint(op.f("ck_survey_act_kind"), _one_of(*BEFORE, *NEW))
        act.create_foreign_key(
            op.f("fk_survey_act_channel_id"), "channel", ["channel_id"], ["id"]
        )


def downgrade() -> None:
    """Take the kinds away; every channel is a code on a wall again."""
    gone = sa.text(f"DELETE FROM survey_act WHERE {_one_of(*NEW)}")  # noqa: S608
    op.execute(gone)
    with op.batch_alter_table("survey_act", table_kwargs=KEPT) as act:
        act.drop_constraint(op.f("fk_survey_act_channel_id"), type_="foreignkey")
        act.drop_constraint(op.f("ck_survey_act_kind"), type_="check")
        act.drop_column("channel_id")
        act.create_check_constraint(op.f("ck_survey_act_kind"), _one_of(*BEFORE))
    op.drop_index(op.f("ix_channel_without_proof_of"), "channel")
    with op.batch_alter_table("channel") as channel:
        channel.drop_constraint(op.f("ck_channel_kind"), type_="check")
        channel.drop_constraint(op.f("fk_channel_without_proof_of"), type_="foreignkey")
        for name in (
            "without_proof_of", "is_stopped", "visitors", "codes_out", "open_reason",
            "kind",
        ):  # fmt: skip
            channel.drop_column(name)
