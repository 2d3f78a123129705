"""Quarters of an hour in which a crowd came through one channel.

Each process counts for itself, in memory. Nothing is written before `CROWD` came, and
then in steps of as many, apart from every answer: so no row says when one of a few
answered, and none was written together with an answer.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey_app.database import OUT_OF_REACH, writing
from survey_app.survey.flags import ChannelRush

CROWD = 20
"""Answers of a quarter that are written down together."""
QUARTER = 15
"""Minutes."""

Way = tuple[int, int]
"""Survey and channel."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Crowds:
    """What one process knows of the quarter of an hour that it is."""

    def __init__(
        self, engine: Engine, zone: str, clock: Callable[[], datetime] | None = None
    ) -> None:
        self._engine = writing(engine)
        self._zone = ZoneInfo(zone)
        self._clock = clock or _utc_now
        self._quarter: tuple[date, int] | None = None
        self._came: Counter[Way] = Counter()

    def came(self, ways: Iterable[Way]) -> None:
        """Count answers that were kept; what cannot be written is forgotten.

        Called by one thread at a time.
        """
        here = self._clock().astimezone(self._zone)
        now = here.date(), (here.hour * 60 + here.minute) // QUARTER
        if now != self._quarter:
            self._quarter = now
            self._came.clear()
        self._came.update(ways)
        full = [way for way, count in self._came.items() if count >= CROWD]
        for way in full:
            many = self._came[way] // CROWD * CROWD
            self._came[way] -= many
            self._write(way, now, many)

    def _write(self, way: Way, now: tuple[date, int], many: int) -> None:
        day, quarter = now
        row = {
            "survey_id": way[0], "channel_id": way[1], "day": day, "quarter": quarter,
            "count": many,
        }  # fmt: skip
        adding = self._insert(row).on_conflict_do_update(
            index_elements=[name for name in row if name != "count"],
            set_={"count": ChannelRush.count + many},
        )
        try:
            with Session(self._engine) as session:
                session.execute(adding)
                session.commit()
        except OUT_OF_REACH:
            return

    def _insert(self, row: dict[str, object]) -> postgresql.Insert | sqlite.Insert:
        if self._engine.dialect.name == "postgresql":
            return postgresql.insert(ChannelRush).values(row)
        return sqlite.insert(ChannelRush).values(row)
