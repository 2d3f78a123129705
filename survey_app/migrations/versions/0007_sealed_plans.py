"""What was frozen and settled carries a seal that only the server can make.

What lies there today is sealed as it is: nobody can tell any more whether it was
changed before. Without the server's key, as when Alembic is run by hand, nothing is
sealed, and plans that have no seal are not shown by a server that has one.
"""

import json

import sqlalchemy as sa
from alembic import op

from survey_app.database import key_at
from survey_app.survey.kept_plan import seal, tally_digest

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RULES = (
    "survey.id, survey.mode, survey.component_key, survey.small_groups, "
    "survey.questionnaire, cycle.scheme, plan.frozen"
)


def upgrade() -> None:
    """Add the seals and make them for what is there."""
    for name in ("seal", "tallies", "settled_seal"):
        op.add_column("publication_plan", sa.Column(name, sa.String(), nullable=True))
    connection = op.get_bind()
    key = key_at(connection)
    if key is None:
        return
    kept = connection.execute(
        sa.text(
            f"SELECT {RULES}, plan.fingerprint, plan.evaluated "  # noqa: S608 -- our own names
            "FROM publication_plan AS plan JOIN survey ON survey.id = plan.survey_id "
            "JOIN cycle ON cycle.id = survey.cycle_id"
        )
    ).all()
    for *rules, fingerprint, evaluated in kept:
        tallies = _tallies(connection, rules[0], rules[-1]) if evaluated else None
        settled = seal(key, rules[0], fingerprint, evaluated, tallies)
        connection.execute(
            sa.text(
                "UPDATE publication_plan SET seal = :seal, tallies = :tallies, "
                "settled_seal = :settled "
                "WHERE survey_id = :survey"
            ),
            {
                "survey": rules[0],
                "seal": seal(key, *rules),
                "tallies": tallies,
                "settled": settled if evaluated is not None else None,
            },
        )


def _tallies(connection: sa.Connection, survey_id: int, frozen: str) -> str:
    """Return subject → digest of what is counted about it, as JSON."""
    counted = connection.execute(
        sa.text(
            "SELECT subject_id, rater_group, question_key, choice_key, sum(count) "
            "FROM choice_count WHERE survey_id = :survey "
            "GROUP BY subject_id, rater_group, question_key, choice_key"
        ),
        {"survey": survey_id},
    ).all()
    of_subject = {
        str(subject): tally_digest(
            (group, question, choice, int(count))
            for counted_about, group, question, choice, count in counted
            if counted_about == subject
        )
        for subject in json.loads(frozen)["subjects"]
    }
    return json.dumps(of_subject, sort_keys=True)


def downgrade() -> None:
    """Take the seals away again."""
    for name in ("settled_seal", "tallies", "seal"):
        op.drop_column("publication_plan", name)
