"""Surveys can be rehearsed, be closing and be void; two accounts are two people.

Accounts that no other account ever gave a password are confirmed by this step, as the
terminal confirms: whoever migrates sits there. Who owns the others it cannot know.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BEFORE = "state IN ('draft', 'open', 'closed')"
AFTER = "state IN ('draft', 'rehearsal', 'open', 'closing', 'closed', 'void')"

CONFIRM = """
INSERT INTO given_password (id, account, set_by, kind)
SELECT -account.id, account.username, '', 'confirmation' FROM account
WHERE account.password_set_by IS NULL AND account.username NOT IN (
    SELECT given_password.account FROM given_password
)
"""


def upgrade() -> None:
    """Add the states, the acts and the confirmations."""
    _states(AFTER)
    op.create_table(
        "survey_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("given_before", sa.Integer(), nullable=False),
        sa.Column("granted_by", sa.String(), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('voiding', 'extension')", name=op.f("ck_survey_act_kind")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'done', 'withdrawn')", name=op.f("ck_survey_act_state")
        ),
        sa.CheckConstraint(
            "granted_by IS NULL OR granted_by <> asked_by",
            name=op.f("ck_survey_act_two_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_act_survey_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_act")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_survey_act_survey_id"), "survey_act", ["survey_id"])
    with op.batch_alter_table(
        "given_password", table_kwargs={"sqlite_autoincrement": True}
    ) as given:
        given.add_column(
            sa.Column("kind", sa.String(), server_default="password", nullable=False)
        )
        given.add_column(sa.Column("rests_on", sa.Integer(), nullable=True))
        given.create_check_constraint(
            op.f("ck_given_password_kind"), "kind IN ('password', 'confirmation')"
        )
    op.execute(CONFIRM)
    op.add_column(
        "comment_review", sa.Column("given_before", sa.Integer(), nullable=True)
    )


def downgrade() -> None:
    """Take them away: a closing survey is open again, a rehearsal a draft.

    A void survey is closed, as if its results had never been evaluated.
    """
    op.drop_column("comment_review", "given_before")
    op.execute("DELETE FROM given_password WHERE kind = 'confirmation'")
    with op.batch_alter_table(
        "given_password", table_kwargs={"sqlite_autoincrement": True}
    ) as given:
        given.drop_constraint(op.f("ck_given_password_kind"), type_="check")
        given.drop_column("rests_on")
        given.drop_column("kind")
    op.drop_index(op.f("ix_survey_act_survey_id"), "survey_act")
    op.drop_table("survey_act")
    for now, then in (("closing", "open"), ("rehearsal", "draft"), ("void", "closed")):
        op.execute(f"UPDATE survey SET state = '{then}' WHERE state = '{now}'")  # noqa: S608 -- words written here
    _states(BEFORE)


def _states(condition: str) -> None:
    # Numbers of deleted drafts do not come back.
    kept = {"sqlite_autoincrement": condition == AFTER}
    with op.batch_alter_table("survey", table_kwargs=kept) as survey:
        survey.drop_constraint(op.f("ck_survey_state"), type_="check")
        survey.create_check_constraint(op.f("ck_survey_state"), condition)
