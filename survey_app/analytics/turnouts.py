"""How many answered: numbers only, never what they said.

Turnout may be watched while a survey is open. It is read from counters that rose
together with the answers, summed over slots and days.
"""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.survey.counters import TurnoutCount
from survey_app.survey.tables import Channel


@dataclass(frozen=True, slots=True)
class Cell:
    """Answers that came through one channel about one subject."""

    channel_id: int
    rater_group: str
    subject_id: int
    count: int


@dataclass(frozen=True, slots=True)
class SurveyTurnout:
    """The answers of one survey, by channel and subject."""

    cells: tuple[Cell, ...]

    @property
    def total(self) -> int:
        """All answers."""
        return sum(cell.count for cell in self.cells)

    def of_channel(self, channel_id: int) -> int:
        """Return the answers through one channel, 0 where there are none."""
        return sum(c.count for c in self.cells if c.channel_id == channel_id)

    def of_group(self, rater_group: str) -> int:
        """Return the answers of one rater group, 0 where there are none."""
        return sum(c.count for c in self.cells if c.rater_group == rater_group)

    def by_subject(self) -> Counter[tuple[int, str]]:
        """Return (subject id, rater group) → answers; absent keys count 0."""
        counted: Counter[tuple[int, str]] = Counter()
        for cell in self.cells:
            counted[cell.subject_id, cell.rater_group] += cell.count
        return counted


def turnout_of(session: Session, *, survey_id: int) -> SurveyTurnout:
    """Return the turnout of one survey, in one statement."""
    count = func.sum(TurnoutCount.count)
    counted = (
        select(TurnoutCount.channel_id, Channel.rater_group, TurnoutCount.subject_id)
        .add_columns(count)
        .join(Channel, Channel.id == TurnoutCount.channel_id)
        .where(TurnoutCount.survey_id == survey_id)
        .group_by(TurnoutCount.channel_id, Channel.rater_group, TurnoutCount.subject_id)
    )
    return SurveyTurnout(
        tuple(
            Cell(channel_id, group, subject_id, int(number))
            for channel_id, group, subject_id, number in session.execute(counted)
        )
    )


def answers_by_survey(session: Session) -> dict[int, int]:
    """Return survey id → answers of every survey that has any, in one statement."""
    counted = select(TurnoutCount.survey_id, func.sum(TurnoutCount.count)).group_by(
        TurnoutCount.survey_id
    )
    return {survey_id: int(count) for survey_id, count in session.execute(counted)}
