"""Every column the ballot database may have. A new one is a decision, not an edit.

Before a line is added here: could it hold an instant, a person, an address or the place
of a ballot in a sequence? Then it must not be. docs/anonymity.md lists the same columns
with what they are for.
"""

COLUMNS = {
    "ballot_box": {
        "survey_id": "INTEGER",
        "state": "VARCHAR",
        "opens_on": "DATE",
        "closes_on": "DATE",
        "manifest": "VARCHAR",
        "closing": "VARCHAR",
        "head": "VARCHAR",
        "voided_by": "VARCHAR",
        "signatures": "VARCHAR",
        "not_rewritten": "VARCHAR",
    },
    "batch": {
        "id": "VARCHAR",
        "survey_id": "INTEGER",
        "unit_id": "INTEGER",
        "rater_group": "VARCHAR",
        "eligible": "INTEGER",
        "issued": "INTEGER",
        "state": "VARCHAR",
        "requested_by": "VARCHAR",
        "passwords_given": "INTEGER",
        "issued_by": "VARCHAR",
        "signed": "INTEGER",
        "used": "INTEGER",
        "voided": "INTEGER",
        "challenged": "INTEGER",
        "void_because": "VARCHAR",
    },
    "ticket": {
        "digest": "BINARY",
        "batch_id": "VARCHAR",
        "state": "INTEGER",
        "envelope": "BINARY",
        "comment": "BINARY",
        "tag": "BINARY",
        "page": "BINARY",
    },
    "spent_ticket": {"digest": "BINARY", "batch_id": "VARCHAR", "state": "INTEGER"},
    "tracker": {"survey_id": "INTEGER", "tracker": "BINARY"},
    "fragment": {
        "id": "BINARY",
        "survey_id": "INTEGER",
        "subject_id": "INTEGER",
        "rater_group": "VARCHAR",
        "question_key": "VARCHAR",
        "choice_key": "VARCHAR",
    },
    "opened_comment": {
        "id": "BINARY",
        "survey_id": "INTEGER",
        "subject_id": "INTEGER",
        "text": "VARCHAR",
        "question": "VARCHAR",
    },
}

KEYS = {
    "ballot_box": ["survey_id"],
    "batch": ["id"],
    "ticket": ["digest"],
    "spent_ticket": ["digest"],
    "tracker": ["survey_id", "tracker"],
    "fragment": ["id"],
    "opened_comment": ["id"],
}
"""What a row is found by; nothing else may be searched for, or counted up."""

BYTES = {"BLOB": "BINARY", "BYTEA": "BINARY"}
"""What the two kinds of database call a column of bytes."""
