"""Roles stand on the list of what was given: two must give those that see results.

An account whose owner nobody confirmed since another account gave it a password sees
no results from here on, until somebody does (decision 51).
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

BEFORE = "kind IN ('password', 'confirmation')"
AFTER = "kind IN ('password', 'confirmation', 'roles')"


def upgrade() -> None:
    """Let the list hold roles, and find the rows of one account by a key."""
    _kinds(AFTER)
    op.create_index(op.f("ix_given_password_account"), "given_password", ["account"])


def downgrade() -> None:
    """Forget who gave roles."""
    op.drop_index(op.f("ix_given_password_account"), "given_password")
    op.execute("DELETE FROM given_password WHERE kind = 'roles'")
    _kinds(BEFORE)


def _kinds(condition: str) -> None:
    with op.batch_alter_table(
        "given_password", table_kwargs={"sqlite_autoincrement": True}
    ) as given:
        given.drop_constraint(op.f("ck_given_password_kind"), type_="check")
        given.create_check_constraint(op.f("ck_given_password_kind"), condition)
