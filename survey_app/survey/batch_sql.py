"""The few statements of a batch, as the two databases want them, each made once.

Many rows go in with one statement, whose text is as long as there are rows. The drivers
keep a text they have seen as a prepared statement, so that it is read only once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain

Row = tuple[object, ...]
Statement = tuple[str, tuple[object, ...]]
"""A text and what belongs into its gaps."""

RECEIPT = "receipt", ("slot", "code", "survey_id")
RESPONSE = (
    "response",
    ("slot", "survey_id", "id", "channel_id", "subject_id", "answered_on", "answers"),
)
COMMENT = "comment", ("slot", "id", "survey_id", "subject_id", "question", "text")
TURNOUT = (
    "turnout_count",
    ("slot", "survey_id", "channel_id", "subject_id", "answered_on", "count"),
)
GATE = "intake_gate", ("slot", "survey_id")
PATIENCE = "SET LOCAL statement_timeout = '5s'"
"""How long PostgreSQL may take for one statement of a batch: what waits for a lock on
another machine of a distributed database knows no other end."""
TEXTS = 1024
"""How many statements are remembered; more than there are kinds and sizes."""

Table = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sql:
    """How one of the two databases is spoken to."""

    is_postgresql: bool

    @property
    def gap(self) -> str:
        """What stands for a value."""
        return "%s" if self.is_postgresql else "?"

    def day(self, day: date) -> object:
        """Return a day as the driver takes it."""
        return day if self.is_postgresql else day.isoformat()

    def surveys(self, survey_ids: Sequence[int], today: date) -> Statement:
        """Return the question for state, slots and questionnaire of these surveys."""
        text = _surveys(self.gap, len(survey_ids))
        day = self.day(today)
        return text, (day, day, *self._given(survey_ids))

    def questionnaire(self, survey_id: int) -> Statement:
        """Return the question for what a survey asks."""
        return f"SELECT questionnaire FROM survey WHERE id = {self.gap}", (survey_id,)  # noqa: S608 -- a gap only

    def gates(self, slot: int, survey_ids: Sequence[int]) -> Statement:
        """Return how a batch goes through the gates of one slot."""
        return _gates(len(survey_ids)), self._given([slot, *survey_ids])

    def add(self, table: Table, rows: Sequence[Row]) -> Statement:
        """Return how these rows are added."""
        return _insert(self.gap, table, len(rows), ""), self._flat(rows)

    def add_new(
        self, table: Table, rows: Sequence[Row], *, told: str = ""
    ) -> Statement:
        """Return how those rows are added whose key is not there yet.

        PostgreSQL tells this column of every row that was added.
        """
        tail = f" RETURNING {told}" if told and self.is_postgresql else ""
        tail = f" ON CONFLICT DO NOTHING{tail}"
        return _insert(self.gap, table, len(rows), tail), self._flat(rows)

    def count_up(self, rows: Sequence[Row]) -> Statement:
        """Return how these turnouts are added to what was counted before."""
        return _insert(self.gap, TURNOUT, len(rows), ADD_UP), self._flat(rows)

    def known(self, slots: Sequence[int], codes: Sequence[bytes]) -> Statement:
        """Return the question which of these receipts were counted before."""
        return _known(self.gap, len(slots), len(codes)), (*slots, *codes)

    def _flat(self, rows: Iterable[Row]) -> tuple[object, ...]:
        return self._given(chain.from_iterable(rows))

    def _given(self, values: Iterable[object]) -> tuple[object, ...]:
        """Return values as the driver takes them.

        PostgreSQL would prepare one text once for every mixture of small and large
        numbers; a string is whatever its column is.
        """
        if not self.is_postgresql:
            return tuple(values)
        return tuple(str(one) if isinstance(one, int) else one for one in values)


ADD_UP = (
    " ON CONFLICT (slot, survey_id, channel_id, subject_id, answered_on)"
    " DO UPDATE SET count = turnout_count.count + excluded.count"
)


def _gaps(gap: str, rows: int, columns: int) -> str:
    one = f"({', '.join([gap] * columns)})"
    return ", ".join([one] * rows)


@lru_cache(TEXTS)
def _insert(gap: str, table: Table, rows: int, tail: str) -> str:
    name, columns = table
    values = _gaps(gap, rows, len(columns))
    return f"INSERT INTO {name} ({', '.join(columns)}) VALUES {values}{tail}"  # noqa: S608


@lru_cache(TEXTS)
def _surveys(gap: str, surveys: int) -> str:
    return (
        "SELECT id, state, questionnaire_fingerprint, slots, "  # noqa: S608 -- gaps only
        f"opens_on <= {gap} AND {gap} <= closes_on "
        f"FROM survey WHERE id IN {_gaps(gap, 1, surveys)}"
    )


@lru_cache(TEXTS)
def _gates(surveys: int) -> str:
    return (
        "SELECT survey_id FROM intake_gate "  # noqa: S608 -- gaps only
        f"WHERE slot = %s AND survey_id IN {_gaps('%s', 1, surveys)} "
        "ORDER BY survey_id FOR SHARE"
    )


@lru_cache(TEXTS)
def _known(gap: str, slots: int, codes: int) -> str:
    # Not as rows of two: SQLite would read every receipt to compare it with them.
    return (
        f"SELECT code FROM receipt WHERE slot IN {_gaps(gap, 1, slots)} "  # noqa: S608
        f"AND code IN {_gaps(gap, 1, codes)}"
    )
