"""Settings of a server that would break the promise, and what to do about each."""

from collections.abc import Sequence

from flask_babel import gettext as _


def promise_words(reasons: Sequence[str]) -> list[tuple[str, str]]:
    """Return for every reason of `UnsafeServer` what is wrong, and what to do."""
    known = _of_logs() | _of_postgresql() | _of_files()
    unknown = _("Tell whoever runs this server; until then the ballot stays closed.")
    return [known.get(reason, (reason, unknown)) for reason in reasons]


def _of_logs() -> dict[str, tuple[str, str]]:
    """Return what the log of PostgreSQL gives away."""
    return {
        "statement-log": (
            _("PostgreSQL logs every statement with its time."),
            _("Set log_statement = none (or ddl) for the ballot role and database."),
        ),
        "duration-log": (
            _("PostgreSQL logs how long every statement took, and when."),
            _("Set log_duration = off."),
        ),
        "slow-statement-log": (
            _("PostgreSQL logs slow statements with their time."),
            _("Set log_min_duration_statement = -1 for the ballot role and database."),
        ),
        "sampled-statement-log": (
            _("PostgreSQL logs a sample of the statements."),
            _("Set log_min_duration_sample = -1."),
        ),
        "sampled-transaction-log": (
            _("PostgreSQL logs a sample of the transactions."),
            _("Set log_transaction_sample_rate = 0."),
        ),
        "parameters-in-errors": (
            _("PostgreSQL writes values into its log when something fails."),
            _("Set log_parameter_max_length_on_error = 0."),
        ),
        "plan-log": (
            _("PostgreSQL logs how it reads every statement."),
            _(
                "Set debug_print_parse, debug_print_rewritten and debug_print_plan to "
                "off."
            ),
        ),
        "debug-log": (
            _("PostgreSQL logs at debug level."),
            _("Set log_min_messages = warning."),
        ),
    }


def _of_postgresql() -> dict[str, tuple[str, str]]:
    """Return what other settings of PostgreSQL give away or endanger."""
    return {
        "commit-timestamps": (
            _("PostgreSQL keeps the time of every change."),
            _("Set track_commit_timestamp = off and start PostgreSQL anew."),
        ),
        "watching-extension": (
            _("An extension of PostgreSQL keeps statements."),
            _(
                "Take pg_stat_statements, auto_explain, pgaudit and the like out of "
                "shared_preload_libraries on the server of the ballot database."
            ),
        ),
        "triggers-off": (
            _("The triggers that refuse late tickets are switched off."),
            _("Set session_replication_role = origin for the ballot role."),
        ),
        "logical-slots": (
            _("A logical replication slot passes every change on, one by one."),
            _("Drop the slot, or keep the ballot database on a server without one."),
        ),
        "not-durable": (
            _("The database may lose what it has acknowledged."),
            _("Set fsync, full_page_writes and synchronous_commit = on."),
        ),
    }


def _of_files() -> dict[str, tuple[str, str]]:
    """Return what SQLite's file and the folder of secrets give away."""
    return {
        "journal-stays": (
            _("SQLite keeps a journal beside the ballot file."),
            _("Nothing else may open the ballot file or change its journal mode."),
        ),
        "deleted-stays": (
            _("SQLite does not overwrite what it deletes."),
            _("Use a build of SQLite that obeys secure_delete."),
        ),
        "ballot-file-open": (
            _("Others than the service’s user can read the ballot file."),
            _("Run: chmod 600 on the ballot file."),
        ),
        "no-secrets-folder": (
            _("No folder is named for what must not lie in a database."),
            _(
                "Set SURVEY_BALLOT_SECRETS to a folder that only the service’s user "
                "can read."
            ),
        ),
        "secrets-folder-open": (
            _("Others than the service’s user can read the folder of secrets."),
            _("Run: chmod 700 on the folder and chmod 600 on the files in it."),
        ),
    }
