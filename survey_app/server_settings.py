"""Settings of PostgreSQL that write down who did what when, or lose what it took."""

from collections.abc import Callable, Mapping

from survey_app.domain.ground.broken_promises import BrokenPromise

Settings = Mapping[str, str]

WATCHERS = (
    "auto_explain.", "pg_qualstats.", "pg_stat_monitor.", "pg_stat_statements.",
    "pg_store_plans.", "pgaudit.",
)  # fmt: skip
"""Extensions that keep statements. Their own settings tell that they are loaded: an
ordinary role is not shown `shared_preload_libraries`."""


def _is_on(name: str) -> Callable[[Settings], bool]:
    return lambda settings: settings.get(name, "off") == "on"


def _is_off(name: str) -> Callable[[Settings], bool]:
    return lambda settings: settings.get(name, "on") == "off"


def _from_zero(name: str) -> Callable[[Settings], bool]:
    """Whether a duration from which on is logged is given at all; -1: never."""
    return lambda settings: int(settings.get(name, "-1")) >= 0


def _samples(settings: Settings) -> bool:
    is_asked = _from_zero("log_min_duration_sample")(settings)
    return is_asked and float(settings.get("log_statement_sample_rate", "1")) > 0


BREAKS: tuple[tuple[BrokenPromise, Callable[[Settings], bool]], ...] = (
    (BrokenPromise.COMMIT_TIMESTAMPS, _is_on("track_commit_timestamp")),
    (
        BrokenPromise.STATEMENT_LOG,
        lambda s: s.get("log_statement", "none") in {"mod", "all"},
    ),
    # With the transaction's number at the head of the line it is a time for each row.
    (BrokenPromise.DURATION_LOG, _is_on("log_duration")),
    (BrokenPromise.SLOW_STATEMENT_LOG, _from_zero("log_min_duration_statement")),
    (BrokenPromise.SAMPLED_STATEMENT_LOG, _samples),
    (
        BrokenPromise.SAMPLED_TRANSACTION_LOG,
        lambda s: float(s.get("log_transaction_sample_rate", "0")) > 0,
    ),
    (
        BrokenPromise.PARAMETERS_IN_ERRORS,
        lambda s: s.get("log_parameter_max_length_on_error", "0") != "0",
    ),
    (BrokenPromise.PLAN_LOG, _is_on("debug_print_parse")),
    (BrokenPromise.PLAN_LOG, _is_on("debug_print_rewritten")),
    (BrokenPromise.PLAN_LOG, _is_on("debug_print_plan")),
    (
        BrokenPromise.DEBUG_LOG,
        lambda s: s.get("log_min_messages", "").startswith("debug"),
    ),
    (
        BrokenPromise.WATCHING_EXTENSION,
        lambda s: any(name.startswith(WATCHERS) for name in s),
    ),
    (
        BrokenPromise.TRIGGERS_OFF,
        lambda s: s.get("session_replication_role", "origin") == "replica",
    ),
    (BrokenPromise.NOT_DURABLE, _is_off("fsync")),
    (BrokenPromise.NOT_DURABLE, _is_off("full_page_writes")),
    (BrokenPromise.NOT_DURABLE, _is_off("synchronous_commit")),
)


def broken_settings(settings: Settings) -> tuple[BrokenPromise, ...]:
    """Return every promise these settings break; empty: none.

    `settings` are names and values as in pg_settings; what is not among them stands at
    its default.
    """
    return tuple(dict.fromkeys(key for key, breaks in BREAKS if breaks(settings)))


# Citus sends each node statements with the values in them, where a server met directly
# gets values apart: what a node shows or logs of a statement then shows answers.
ON_NODES: tuple[tuple[BrokenPromise, Callable[[Settings], bool]], ...] = (
    (BrokenPromise.ACTIVITY_SHOWN, lambda s: s.get("track_activities", "on") != "off"),
    (
        BrokenPromise.STATEMENTS_IN_ERRORS,
        lambda s: s.get("log_min_error_statement", "error") != "panic",
    ),
)


def broken_on_node(settings: Settings) -> tuple[BrokenPromise, ...]:
    """Return every promise one node of a distributed database breaks."""
    more = (key for key, breaks in ON_NODES if breaks(settings))
    return tuple(dict.fromkeys((*broken_settings(settings), *more)))
