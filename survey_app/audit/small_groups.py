"""The groups of people that a stored plan hides, and what they said.

Only here and in `worlds` does the audit touch the counts of hidden people.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from survey_app.domain.counting.tally import PEOPLE, nested, people
from survey_app.domain.questionnaire.answer_text import AnswerText
from survey_app.domain.questionnaire.question import ANSWERED
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.counters import ChoiceCount, TurnoutCount, choice_counts
from survey_app.survey.publication import evaluate_plan
from survey_app.survey.rated import rated_of
from survey_app.survey.responses import Response
from survey_app.survey.settled_plan import plan_of
from survey_app.survey.tables import Channel, PublicationPlan, Survey


def let_answer(
    session: Session,
    *,
    survey_id: int,
    subject_id: int,
    rater_group: str,
    said: Mapping[str, Iterable[Sequence[str]]],
) -> None:
    """Give the stored answers these picks, one after the other; does not commit.

    Where fewer are said than are stored, the others keep what they hold.
    """
    ours = (
        select(Response)
        .join(Channel, Channel.id == Response.channel_id)
        .where(
            Response.survey_id == survey_id,
            Response.subject_id == subject_id,
            Channel.rater_group == rater_group,
        )
        .order_by(Response.id)
    )
    columns = {question: iter(picked) for question, picked in said.items()}
    asked = session.get_one(Survey, survey_id).questionnaire
    text = AnswerText.of(Questionnaire.from_json(asked))
    for response in session.scalars(ours):
        answers = text.read(response.answers)
        for question, picked in columns.items():
            if picks := next(picked, None):
                answers = [one for one in answers if one[0] != question]
                answers += [(question, pick) for pick in picks]
        response.answers = text.write(answers)


Said = dict[str, dict[str, int]]
"""Question → choice → how often."""


@dataclass(frozen=True, slots=True)
class SmallGroup:
    """One rater group that hides behind the floor, about one subject."""

    survey_id: int
    subject_id: int
    rater_group: str
    has_whole: bool
    """Whether all groups together are shown: what the hidden ones said together is
    then no secret, only who of them said it."""
    is_counted_openly: bool = False
    """Whether everybody may know how many they are, as in a secret ballot."""

    @property
    def whole(self) -> tuple[int, int]:
        """The survey and the subject."""
        return self.survey_id, self.subject_id


def evaluated_surveys(session: Session, survey_ids: Iterable[int]) -> list[Survey]:
    """Return those surveys whose plan is evaluated."""
    kept = select(Survey).where(Survey.id.in_(survey_ids)).order_by(Survey.id)
    return [s for s in session.scalars(kept) if plan_of(session, s.id) is not None]


def small_groups_of(session: Session, survey: Survey) -> list[SmallGroup]:
    """Return every group that the stored plan of this survey hides."""
    plan = plan_of(session, survey.id)
    every = plan.subjects.items() if plan else ()
    alone = [
        SmallGroup(
            survey.id, subject, group, about.together is not None, survey.is_secret
        )
        for subject, about in every
        for group in about.small
    ]
    joined = [
        SmallGroup(
            survey.id,
            subject,
            group,
            has_whole=True,
            is_counted_openly=survey.is_secret,
        )
        for subject, about in every
        for group in dict.fromkeys((*about.joined.values(), *about.joined))
    ]
    return alone + joined


def said_by(session: Session, group: SmallGroup) -> Said:
    """Return what the group said, slots added up."""
    every = choice_counts(
        session, [group.survey_id], subject_ids=[group.subject_id]
    ).get(group.survey_id, {})
    tally = nested(every).get(group.subject_id, {})
    return {
        question: dict(counts)
        for question, counts in tally.get(group.rater_group, {}).items()
    }


def people_in(said: Said) -> int:
    """Return how many answered: the most on any question."""
    return max((people(counts) for counts in said.values()), default=0)


def person_by_person(counts: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Return what each of these people may have picked, so that it comes to that."""
    answered = counts.get(ANSWERED, 0)
    ticks = {key: n for key, n in counts.items() if answered and key not in PEOPLE}
    found = [
        (*(key for key, n in ticks.items() if place < n), ANSWERED)
        for place in range(answered)
    ]
    others = {k: n for k, n in counts.items() if k != ANSWERED and k not in ticks}
    return found + [(choice,) for choice in Counter(others).elements()]


def let_say(session: Session, group: SmallGroup, said: Said) -> None:
    """Write other counts for the group, its turnout included; does not commit."""
    before = people_in(said_by(session, group))
    session.execute(delete(ChoiceCount).where(*_counted_in(group)))
    rows = [
        {**_place(group), "slot": 0, "question_key": q, "choice_key": c, "count": n}
        for q, counts in said.items()
        for c, n in counts.items()
    ]
    if rows:
        session.execute(insert(ChoiceCount), rows)
    _let_come(session, group, people_in(said) - before)
    spread = {q: person_by_person(counts) for q, counts in said.items()}
    let_answer(session, **_place(group), said=spread)
    session.flush()


def evaluated_again(session: Session, survey_id: int) -> str:
    """Return the plan as these counts give it, and store it; does not commit."""
    survey = session.get_one(Survey, survey_id)
    merged = _merged(session, survey_id)
    session.get_one(PublicationPlan, survey_id).evaluated = None
    evaluate_plan(session, survey, merged=merged)
    plan = plan_of(session, survey_id)
    return plan.to_json() if plan else ""


class _Place(TypedDict):
    survey_id: int
    subject_id: int
    rater_group: str


def _place(group: SmallGroup) -> _Place:
    return _Place(
        survey_id=group.survey_id,
        subject_id=group.subject_id,
        rater_group=group.rater_group,
    )


def _counted_in(group: SmallGroup) -> tuple[ColumnElement[bool], ...]:
    return (
        ChoiceCount.survey_id == group.survey_id,
        ChoiceCount.subject_id == group.subject_id,
        ChoiceCount.rater_group == group.rater_group,
    )


def _let_come(session: Session, group: SmallGroup, more: int) -> None:
    """Let so many more come through the group's fullest channel, or fewer."""
    row = more and session.scalar(
        select(TurnoutCount)
        .join(Channel, Channel.id == TurnoutCount.channel_id)
        .where(
            TurnoutCount.survey_id == group.survey_id,
            TurnoutCount.subject_id == group.subject_id,
            Channel.rater_group == group.rater_group,
        )
        .order_by(TurnoutCount.count.desc())
        .limit(1)
    )
    if row:
        row.count += more


def _merged(session: Session, survey_id: int) -> dict[int, dict[str, str]]:
    """Return unit → which group was counted in which, as the stored plan says."""
    plan = plan_of(session, survey_id)
    about = plan.subjects if plan else {}
    rated = rated_of(session, survey_id)
    return {r.unit_id: dict(about[r.id].merged) for r in rated if r.id in about}
