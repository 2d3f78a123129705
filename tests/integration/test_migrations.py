"""The migrations and the models tell one story, up and down."""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from survey_app.migrate import alembic_config, migrate
from survey_app.models.all_tables import metadata


def test_upgrading_gives_the_tables_the_models_expect(engine: Engine) -> None:
    config = alembic_config()

    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_every_step_goes_down_as_well_as_up(engine: Engine) -> None:
    config = alembic_config()

    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}

    migrate(engine)
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1
