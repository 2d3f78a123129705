"""Settings of a server that would break the promise, and what to do about each.

The verbs find them, pages and terminal tell them: all of them by these words.
"""

from collections.abc import Callable
from enum import StrEnum

from survey_app.domain.ground.marked import message


class BrokenPromise(StrEnum):
    """What would let a server write down who did what when, or lose what it took."""

    STATEMENT_LOG = "statement-log"
    DURATION_LOG = "duration-log"
    SLOW_STATEMENT_LOG = "slow-statement-log"
    SAMPLED_STATEMENT_LOG = "sampled-statement-log"
    SAMPLED_TRANSACTION_LOG = "sampled-transaction-log"
    PARAMETERS_IN_ERRORS = "parameters-in-errors"
    PLAN_LOG = "plan-log"
    DEBUG_LOG = "debug-log"
    COMMIT_TIMESTAMPS = "commit-timestamps"
    WATCHING_EXTENSION = "watching-extension"
    TRIGGERS_OFF = "triggers-off"
    LOGICAL_SLOTS = "logical-slots"
    ACTIVITY_SHOWN = "activity-shown"
    STATEMENTS_IN_ERRORS = "statements-in-errors"
    NODE_SILENT = "node-silent"
    NOT_DURABLE = "not-durable"
    JOURNAL_STAYS = "journal-stays"
    DELETED_STAYS = "deleted-stays"
    BALLOT_FILE_OPEN = "ballot-file-open"
    NO_SECRETS_FOLDER = "no-secrets-folder"
    SECRETS_FOLDER_OPEN = "secrets-folder-open"

    def say(self, translate: Callable[[str], str]) -> tuple[str, str]:
        """Return what is wrong, and what to do."""
        wrong, remedy = WORDS[self]
        return translate(wrong), translate(remedy)


WORDS: dict[BrokenPromise, tuple[str, str]] = {
    BrokenPromise.STATEMENT_LOG: (
        message("PostgreSQL logs every statement with its time."),
        message("Set log_statement = none (or ddl) for the ballot role and database."),
    ),
    BrokenPromise.DURATION_LOG: (
        message("PostgreSQL logs how long every statement took, and when."),
        message("Set log_duration = off."),
    ),
    BrokenPromise.SLOW_STATEMENT_LOG: (
        message("PostgreSQL logs slow statements with their time."),
        message(
            "Set log_min_duration_statement = -1 for the ballot role and database."
        ),
    ),
    BrokenPromise.SAMPLED_STATEMENT_LOG: (
        message("PostgreSQL logs a sample of the statements."),
        message("Set log_min_duration_sample = -1."),
    ),
    BrokenPromise.SAMPLED_TRANSACTION_LOG: (
        message("PostgreSQL logs a sample of the transactions."),
        message("Set log_transaction_sample_rate = 0."),
    ),
    BrokenPromise.PARAMETERS_IN_ERRORS: (
        message("PostgreSQL writes values into its log when something fails."),
        message("Set log_parameter_max_length_on_error = 0."),
    ),
    BrokenPromise.PLAN_LOG: (
        message("PostgreSQL logs how it reads every statement."),
        message(
            "Set debug_print_parse, debug_print_rewritten and debug_print_plan to off."
        ),
    ),
    BrokenPromise.DEBUG_LOG: (
        message("PostgreSQL logs at debug level."),
        message("Set log_min_messages = warning."),
    ),
    BrokenPromise.COMMIT_TIMESTAMPS: (
        message("PostgreSQL keeps the time of every change."),
        message("Set track_commit_timestamp = off and start PostgreSQL anew."),
    ),
    BrokenPromise.WATCHING_EXTENSION: (
        message("An extension of PostgreSQL keeps statements."),
        message(
            "Take pg_stat_statements, auto_explain, pgaudit and the like out of "
            "shared_preload_libraries on the server of the ballot database."
        ),
    ),
    BrokenPromise.TRIGGERS_OFF: (
        message("The triggers that refuse late tickets are switched off."),
        message("Set session_replication_role = origin for the ballot role."),
    ),
    BrokenPromise.LOGICAL_SLOTS: (
        message("A logical replication slot passes every change on, one by one."),
        message("Drop the slot, or keep the ballot database on a server without one."),
    ),
    BrokenPromise.ACTIVITY_SHOWN: (
        message("A node of the distributed database shows statements with answers."),
        message("Set track_activities = off on every node, for our role."),
    ),
    BrokenPromise.STATEMENTS_IN_ERRORS: (
        message("A node of the distributed database logs statements that fail."),
        message("Set log_min_error_statement = panic on every node."),
    ),
    BrokenPromise.NODE_SILENT: (
        message("A node of the distributed database does not say how it is set."),
        message("See to it that every node runs and answers, then try again."),
    ),
    BrokenPromise.NOT_DURABLE: (
        message("The database may lose what it has acknowledged."),
        message("Set fsync, full_page_writes and synchronous_commit = on."),
    ),
    BrokenPromise.JOURNAL_STAYS: (
        message("SQLite keeps a journal beside the ballot file."),
        message("Nothing else may open the ballot file or change its journal mode."),
    ),
    BrokenPromise.DELETED_STAYS: (
        message("SQLite does not overwrite what it deletes."),
        message("Use a build of SQLite that obeys secure_delete."),
    ),
    BrokenPromise.BALLOT_FILE_OPEN: (
        message("Others than the service’s user can read the ballot file."),
        message("Run: chmod 600 on the ballot file."),
    ),
    BrokenPromise.NO_SECRETS_FOLDER: (
        message("No folder is named for what must not lie in a database."),
        message(
            "Set SURVEY_BALLOT_SECRETS to a folder that only the service’s user "
            "can read."
        ),
    ),
    BrokenPromise.SECRETS_FOLDER_OPEN: (
        message("Others than the service’s user can read the folder of secrets."),
        message("Run: chmod 700 on the folder and chmod 600 on the files in it."),
    ),
}
