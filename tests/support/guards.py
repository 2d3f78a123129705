"""Taking the database's own guards away, as the owner of its tables could."""

from sqlalchemy import Engine

from survey_app.database import writing

BOX_GUARDS = ("only_forward", "signed_stays")
"""Those of the row of a ballot box."""


def drop_box_guards(ballots: Engine) -> None:
    """Let the row of a box be written over."""
    place = "" if ballots.dialect.name == "sqlite" else " ON ballot_box"
    with writing(ballots).begin() as connection:
        for name in BOX_GUARDS:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{place}")
