"""Alerts, raised once when the results of a survey become final, and kept.

Kept are those that somebody should look at: over a threshold, close to it, or with too
little data to say. Of the others only how many were judged. Every row is sealed and
says what counts it rests on, and the head says how many there are: a survey whose rows
are not as they were kept, or whose rules or counts have changed, is named, and none of
its alerts is shown; those of others are.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    delete,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.analytics.alerts import CountedAlert, ToldAlert, counted_alerts
from survey_app.analytics.kept.results import BATCH
from survey_app.analytics.paging import SCALE, ordinal
from survey_app.database import reading, seal_key_of
from survey_app.domain.alerts.alert import Evidence
from survey_app.domain.ground.canonical import sorted_text
from survey_app.domain.ground.plain import plain_of
from survey_app.domain.scheme.alert_watch import AlertKind
from survey_app.jobs.jobs import Progress, untold
from survey_app.survey.kept_plan import seal
from survey_app.survey.settled_counts import SettledCounts, settled_counts
from survey_app.survey.tables import RatedSubject, Survey, SurveySubject
from survey_app.table_base import NO_ROWID, Base

CROSSED, NEAR, UNKNOWN = "crossed", "near", "unknown"
PARTS = (CROSSED, NEAR, UNKNOWN)
"""The parts of the list: over the threshold, close to it, and too little data."""
UNJUDGED = (Evidence.INSUFFICIENT, Evidence.VOID)


class KeptAlert(Base):
    """One alert that somebody should look at."""

    __tablename__ = "kept_alert"
    __table_args__ = (
        CheckConstraint("part IN ('crossed', 'near', 'unknown')", name="part"),
        Index("ix_kept_alert_strongest", "part", "place", "position"),
        NO_ROWID,
    )

    survey_id: Mapped[int] = mapped_column(
        ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Which of the subject's alerts, in the order of rules, questions and groups."""
    part: Mapped[str]
    place: Mapped[int] = mapped_column(BigInteger)
    """The smaller, the stronger: by the evidence, then by the share that is shown."""
    position: Mapped[int]
    """Of its subject in lists."""
    told: Mapped[str]
    """Canonical JSON of ToldAlert: exact, and only what may be shown."""
    rests_on: Mapped[str]
    """Digest of the counts it was raised from."""
    seal: Mapped[str | None]


class RaisedAlerts(Base):
    """How many alerts a survey raised; there is none before all of them are kept."""

    __tablename__ = "raised_alerts"
    __table_args__ = (NO_ROWID,)

    survey_id: Mapped[int] = mapped_column(
        ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True
    )
    crossed: Mapped[int]
    near: Mapped[int]
    unknown: Mapped[int]
    judged: Mapped[int]
    """How many had enough answers to be judged."""
    expected_false: Mapped[str]
    """At most how many statistical confirmations chance alone would give, exactly."""
    seal: Mapped[str | None]


def keep_alerts(
    session: Session,
    survey_id: int,
    progress: Progress = untold,
    settled: SettledCounts | None = None,
) -> None:
    """Raise and keep the alerts of a settled survey.

    `settled` is what was settled about all its subjects, where that is at hand.

    Each batch is worked out first and then written in a short transaction; what was
    kept before is replaced. Raises ResultsNotSettled, CountersDiffer or PlanChanged.
    """
    ours = select(SurveySubject.subject_id).where(SurveySubject.survey_id == survey_id)
    with reading(session) as reader:
        every = sorted(reader.scalars(ours))
    session.execute(delete(RaisedAlerts).where(RaisedAlerts.survey_id == survey_id))
    session.execute(delete(KeptAlert).where(KeptAlert.survey_id == survey_id))
    session.commit()
    sums = _Sums(survey_id)
    for start in range(0, len(every), BATCH):
        batch = every[start : start + BATCH]
        with reading(session) as reader:
            counts = settled_counts(reader, survey_id, batch, settled)
            rows = list(sums.rows(reader, batch, counts))
        if rows:
            session.execute(insert(KeptAlert), rows)
        session.commit()
        progress(start + len(batch), len(every))
    session.execute(insert(RaisedAlerts), [sums.head(seal_key_of(session))])
    session.commit()


class _Sums:
    """Makes the rows of one survey, and adds up what its head will say."""

    def __init__(self, survey_id: int) -> None:
        self.survey_id = survey_id
        self.parts: Counter[str] = Counter()
        self.judged = 0
        self.expected_false = Fraction(0)

    def rows(
        self, session: Session, subject_ids: Sequence[int], counts: SettledCounts
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows about some subjects."""
        survey = session.get_one(Survey, self.survey_id)
        positions = _positions(session, self.survey_id, subject_ids)
        key = seal_key_of(session)
        number: Counter[int] = Counter()
        for one in counted_alerts(session, survey, counts, subject_ids):
            self._add(one)
            subject_id, told = one.subject.id, one.told
            number[subject_id] += 1
            if part := part_of(told):
                self.parts[part] += 1
                row = {
                    "survey_id": self.survey_id,
                    "subject_id": subject_id,
                    "number": number[subject_id],
                    "part": part,
                    "place": place_of(told),
                    "position": positions.get(subject_id, 0),
                    "told": sorted_text(plain_of(told)),
                    "rests_on": counts.digests[subject_id],
                }
                yield row | {"seal": seal(key, *row.values())}

    def _add(self, one: CountedAlert) -> None:
        is_share = one.rule.watch.kind is AlertKind.SHARE  # no other can be confirmed
        if is_share and one.told.evidence not in UNJUDGED:
            self.judged += 1
            self.expected_false += Fraction(1, one.rule.inverse_alpha.value)

    def head(self, key: bytes | None) -> dict[str, Any]:
        """Return the row that says that all are kept."""
        row = {
            "survey_id": self.survey_id,
            **{part: self.parts[part] for part in PARTS},
            "judged": self.judged,
            "expected_false": str(self.expected_false),
        }
        return row | {"seal": seal(key, *row.values())}


def part_of(told: ToldAlert) -> str:
    """Return in which part of the list an alert stands; "": nobody need look at it."""
    if told.alert.crossed:
        return CROSSED
    if told.evidence is Evidence.ATTENTION:
        return NEAR
    return UNKNOWN if told.evidence in UNJUDGED else ""


def place_of(told: ToldAlert) -> int:
    """Return what its part is ordered by; a share that is not shown orders as none."""
    return -(told.evidence.strength * 10 * SCALE + (ordinal(told.share) or 0))


def _positions(
    session: Session, survey_id: int, subject_ids: Sequence[int]
) -> dict[int, int]:
    wanted = select(RatedSubject.subject_id, RatedSubject.position).where(
        RatedSubject.survey_id == survey_id, RatedSubject.subject_id.in_(subject_ids)
    )
    return {row.subject_id: row.position for row in session.execute(wanted)}
