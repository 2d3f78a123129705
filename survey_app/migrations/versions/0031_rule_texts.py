"""Questionnaires and schemes that the office writes itself."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "rule_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("title_zh", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("saved", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("ready_by", sa.String(), nullable=False),
        sa.Column("ready_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('questionnaire', 'scheme')", name=op.f("ck_rule_text_kind")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'ready', 'withdrawn')", name=op.f("ck_rule_text_state")
        ),
        sa.CheckConstraint(
            "state = 'draft' OR ready_by <> ''",
            name=op.f("ck_rule_text_ready_by_somebody"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_text")),
        sa.UniqueConstraint(
            "kind", "key", "version", name=op.f("uq_rule_text_kind_key_version")
        ),
    )


def downgrade() -> None:
    """Forget them; surveys and cycles keep their own copies."""
    op.drop_table("rule_text")
