"""Settings refuse early, and all at once."""

import re

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


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://host/pingce", "without a path"),
        ("https://host//", "without a path"),
        ("https://host?x=1", "before ?"),
        ("https://host/#top", "before ? and #"),
        ("https://me:secret@host", "no user"),
        ("https://ho st", "no spaces"),
        ("https://host\n", "no spaces"),
        ("https://", "name a host"),
        ("https:///", "name a host"),
        ("https://.", "name a host"),
        ("https://:8000", "name a host"),
        ("https://host:", "at most a port"),
        ("https://host:99999", "port"),
        ("https://host:x", "at most a port"),
        ("https://测评.中国", "xn--"),
        ("HTTPS://host", "small letters"),
        ("ftp://host", "http://"),
        ("", "http://"),
    ],
)
def test_an_address_that_cannot_be_printed_is_refused_with_the_reason(
    address: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=re.escape(said)) as refused:
        Settings.from_environment({**GOOD, "SURVEY_PUBLIC_URL": address})

    assert "SURVEY_PUBLIC_URL" in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://survey.example.gov.cn",
        "https://survey.example.gov.cn/",
        "http://127.0.0.1:8000",
        "http://[::1]:8000/",
        "https://xn--fiqs8s",
    ],
)
def test_an_address_at_the_top_of_a_host_is_taken(address: str) -> None:
    told = Settings.from_environment({**GOOD, "SURVEY_PUBLIC_URL": address})

    assert told.public_url == address
