"""Themes of comments, for whom they are about, once two readers agree on them."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "comment_themes",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("given_before", sa.Integer(), nullable=False),
        sa.Column("agreed_by", sa.String(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], op.f("fk_comment_themes_survey_id_survey")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], op.f("fk_comment_themes_subject_id_subject")
        ),
        sa.PrimaryKeyConstraint(
            "survey_id", "subject_id", "version", name=op.f("pk_comment_themes")
        ),
    )


def downgrade() -> None:
    """Forget the themes."""
    op.drop_table("comment_themes")
