"""Settings refuse early, and all at once."""

import pytest

from survey_app.settings import Settings, SettingsError

GOOD = {"SURVEY_DATABASE_URL": "sqlite://", "SURVEY_SECRET_KEY": "s" * 32}


def test_what_is_set_is_read() -> None:
    settings = Settings.from_environment(GOOD | {"SURVEY_SLOTS": "8"})

    assert settings.database_url == "sqlite://"
    assert settings.slots == 8


def test_everything_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"SURVEY_SLOTS": "many"})

    for name in ("SURVEY_DATABASE_URL", "SURVEY_SECRET_KEY", "SURVEY_SLOTS"):
        assert name in str(refused.value)


def test_values_that_would_fail_later_are_refused_now() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings("sqlite://", "short", public_url="ftp://x", slots=0)

    for name in ("SURVEY_SECRET_KEY", "SURVEY_PUBLIC_URL", "SURVEY_SLOTS"):
        assert name in str(refused.value)
