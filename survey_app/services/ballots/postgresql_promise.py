"""Which settings of PostgreSQL would write down who did what when.

Not among them: `log_min_error_statement`. It logs the text of a statement that failed,
in which our values are placeholders, and no statement of ours fails because of what a
ballot says; the values themselves are `log_parameter_max_length_on_error`.
Names and meanings: PostgreSQL's documentation, chapter "Server Configuration".
"""

from collections.abc import Callable, Mapping

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


BREAKS: tuple[tuple[str, Callable[[Settings], bool]], ...] = (
    ("commit-timestamps", _is_on("track_commit_timestamp")),
    ("statement-log", lambda s: s.get("log_statement", "none") in {"mod", "all"}),
    # With the transaction's number at the head of the line it is a time for each row.
    ("duration-log", _is_on("log_duration")),
    ("slow-statement-log", _from_zero("log_min_duration_statement")),
    ("sampled-statement-log", _samples),
    (
        "sampled-transaction-log",
        lambda s: float(s.get("log_transaction_sample_rate", "0")) > 0,
    ),
    (
        "parameters-in-errors",
        lambda s: s.get("log_parameter_max_length_on_error", "0") != "0",
    ),
    ("plan-log", _is_on("debug_print_parse")),
    ("plan-log", _is_on("debug_print_rewritten")),
    ("plan-log", _is_on("debug_print_plan")),
    ("debug-log", lambda s: s.get("log_min_messages", "").startswith("debug")),
    ("watching-extension", lambda s: any(name.startswith(WATCHERS) for name in s)),
    (
        "triggers-off",
        lambda s: s.get("session_replication_role", "origin") == "replica",
    ),
    ("not-durable", _is_off("fsync")),
    ("not-durable", _is_off("full_page_writes")),
    ("not-durable", _is_off("synchronous_commit")),
)


def broken_settings(settings: Settings) -> tuple[str, ...]:
    """Return a short key for every promise these settings break; empty: none.

    `settings` are names and values as in pg_settings; what is not among them stands at
    its default. Keys: "commit-timestamps", "statement-log", "duration-log",
    "slow-statement-log", "sampled-statement-log", "sampled-transaction-log",
    "parameters-in-errors", "plan-log", "debug-log", "watching-extension",
    "triggers-off", "not-durable".
    """
    return tuple(dict.fromkeys(key for key, breaks in BREAKS if breaks(settings)))
