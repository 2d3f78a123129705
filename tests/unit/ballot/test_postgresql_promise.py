"""Which settings of PostgreSQL would keep a trace of who did what when."""

import pytest

from survey_app.server_settings import broken_settings

SHIPPED = {
    "track_commit_timestamp": "off",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_statement_sample_rate": "1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "error",
    "log_min_messages": "warning",
    "debug_print_plan": "off",
    "session_replication_role": "origin",
    "fsync": "on",
    "synchronous_commit": "on",
}


def test_postgresql_as_it_is_shipped_keeps_the_promise() -> None:
    assert broken_settings(SHIPPED) == ()
    assert broken_settings({}) == ()


@pytest.mark.parametrize(
    ("name", "value", "broken"),
    [
        ("track_commit_timestamp", "on", "commit-timestamps"),
        ("log_statement", "mod", "statement-log"),
        ("log_statement", "all", "statement-log"),
        ("log_duration", "on", "duration-log"),
        ("log_min_duration_statement", "0", "slow-statement-log"),
        ("log_min_duration_statement", "60000", "slow-statement-log"),
        ("log_min_duration_sample", "0", "sampled-statement-log"),
        ("log_transaction_sample_rate", "0.001", "sampled-transaction-log"),
        ("log_parameter_max_length_on_error", "-1", "parameters-in-errors"),
        ("log_parameter_max_length_on_error", "64", "parameters-in-errors"),
        ("debug_print_parse", "on", "plan-log"),
        ("debug_print_rewritten", "on", "plan-log"),
        ("debug_print_plan", "on", "plan-log"),
        ("log_min_messages", "debug5", "debug-log"),
        ("auto_explain.log_min_duration", "-1", "watching-extension"),
        ("pg_stat_statements.track", "top", "watching-extension"),
        ("pgaudit.log", "none", "watching-extension"),
        ("session_replication_role", "replica", "triggers-off"),
        ("fsync", "off", "not-durable"),
        ("full_page_writes", "off", "not-durable"),
        ("synchronous_commit", "off", "not-durable"),
    ],
)
def test_each_setting_that_keeps_a_trace_is_named(
    name: str, value: str, broken: str
) -> None:
    assert broken_settings(SHIPPED | {name: value}) == (broken,)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log_statement", "ddl"),
        ("log_min_error_statement", "debug5"),
        ("synchronous_commit", "local"),
        ("log_min_messages", "info"),
    ],
)
def test_what_tells_nothing_of_a_ballot_is_allowed(name: str, value: str) -> None:
    assert broken_settings(SHIPPED | {name: value}) == ()


def test_a_sample_of_none_is_no_log() -> None:
    sampling = SHIPPED | {"log_min_duration_sample": "0"}

    assert broken_settings(sampling | {"log_statement_sample_rate": "0"}) == ()


def test_everything_is_named_at_once_and_once() -> None:
    worst = SHIPPED | {
        "fsync": "off",
        "synchronous_commit": "off",
        "log_duration": "on",
    }

    assert broken_settings(worst) == ("duration-log", "not-durable")
