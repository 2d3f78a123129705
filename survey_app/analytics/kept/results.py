"""The numbers of the list of results, kept when a survey's counts are final.

Each row is what was worked out of one subject's tally, and says of which: a row that
rests on other counts, another post or other named ratings than there are now, or whose
seal is not whole, is not believed. Its numbers are then worked out anew for the page,
from what is kept of that subject alone. So no page waits for a row, and none shows a
number that the counts do not say.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    delete,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.analytics.listed_subjects import subject_columns
from survey_app.analytics.paging import (
    Fact,
    ListAsked,
    ListColumns,
    ListPage,
    Statement,
    ordinal,
    page_of,
)
from survey_app.analytics.results import CountedSurvey, asked_survey, signed_in
from survey_app.analytics.survey_results import ResultLine, ResultNumbers, SurveyResults
from survey_app.appraisal.rated import Rated
from survey_app.database import reading, seal_key_of
from survey_app.domain.counting.evidence import NamedRating
from survey_app.domain.ground.canonical import fingerprint_of, sorted_text
from survey_app.domain.ground.plain import Misshapen, plain_of, value_of
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Scheme
from survey_app.jobs.jobs import Progress, untold
from survey_app.survey.counters import digests_of
from survey_app.survey.kept_plan import seal
from survey_app.survey.rated import named_rated, subjects_of
from survey_app.survey.settled_counts import SettledCounts, settled_counts
from survey_app.survey.settled_plan import settled_plan
from survey_app.survey.tables import UNSETTLED, Survey, SurveySubject
from survey_app.table_base import NO_ROWID, Base

BATCH = 100
"""Subjects whose numbers are written in one transaction."""


class KeptResult(Base):
    """What the list of results says of one subject."""

    __tablename__ = "kept_result"
    __table_args__ = (
        # Whoever counts all of a survey by a number reads no row for it.
        Index("ix_kept_result_score", "survey_id", "score"),
        Index("ix_kept_result_dissatisfied", "survey_id", "dissatisfied"),
        NO_ROWID,
    )

    survey_id: Mapped[int] = mapped_column(
        ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    numbers: Mapped[str]
    """Canonical JSON of ResultNumbers: exact, and only what may be shown."""
    rests_on: Mapped[str]
    """Digest of the counts, the post and the named ratings they were made of."""
    answers: Mapped[int | None]
    """To order by, like the two below; None where the number is not shown."""
    score: Mapped[int | None] = mapped_column(BigInteger)
    dissatisfied: Mapped[int | None] = mapped_column(BigInteger)
    seal: Mapped[str | None]
    """Over numbers and digest; see survey/kept_plan.py."""


KEPT: tuple[ColumnElement[Any], ...] = (
    KeptResult.numbers.expression,
    KeptResult.rests_on.expression,
    KeptResult.seal.expression,
)
"""What `believed_numbers` reads."""


def keep_results(
    session: Session,
    survey_id: int,
    progress: Progress = untold,
    settled: SettledCounts | None = None,
    *,
    subject_ids: Collection[int] | None = None,
) -> None:
    """Keep the numbers of a settled survey, of all its subjects or of some.

    `settled` is what was settled about all of them, where that is at hand.

    Each batch is worked out first and then written in a short transaction; what was
    kept before is replaced, so it can be repeated and taken up again. Raises
    ResultsNotSettled, CountersDiffer or PlanChanged.
    """
    with reading(session) as reader:
        ours = select(SurveySubject.subject_id).where(
            SurveySubject.survey_id == survey_id
        )
        every = sorted(reader.scalars(ours))
    wanted = [s for s in every if subject_ids is None or s in subject_ids]
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        with reading(session) as reader:
            counts = settled_counts(reader, survey_id, batch, settled)
            rows = list(_rows(reader, survey_id, batch, counts))
        session.execute(
            delete(KeptResult).where(
                KeptResult.survey_id == survey_id, KeptResult.subject_id.in_(batch)
            )
        )
        session.execute(insert(KeptResult), rows)
        session.commit()
        progress(start + len(batch), len(wanted))


def keep_again(session: Session, cycle_id: int, subject_id: int) -> None:
    """Keep the numbers about one subject anew, in every settled survey of a cycle.

    After whatever changes a score that is final: a correction, a named rating.
    """
    about = (
        select(KeptResult.survey_id)
        .join(Survey, Survey.id == KeptResult.survey_id)
        .where(Survey.cycle_id == cycle_id, Survey.state.not_in(UNSETTLED))
        .where(KeptResult.subject_id == subject_id)
    )
    with reading(session) as reader:
        surveys = list(reader.scalars(about))
    for survey_id in surveys:
        keep_results(session, survey_id, subject_ids=[subject_id])


def _rows(
    session: Session, survey_id: int, subject_ids: Sequence[int], counts: SettledCounts
) -> Iterator[dict[str, object]]:
    """Yield the rows of some subjects, worked out from their tallies."""
    survey = session.get_one(Survey, survey_id)
    scheme, plan = survey.cycle.rules, counts.plan
    asked = asked_survey(session, survey, plan, scheme=scheme, some=subject_ids)
    counted = replace(asked, tallies=counts.tallies)
    key = seal_key_of(session)
    for subject in counted.subjects:
        numbers = counted.numbers(subject)
        digest = counts.digests[subject.id]
        signed = counted.named.get((survey.component_key, subject.id), {})
        basis = basis_of(subject, digest, signed)
        text = sorted_text(plain_of(numbers))
        yield {
            "survey_id": survey_id,
            "subject_id": subject.id,
            "numbers": text,
            "rests_on": basis,
            "answers": numbers.together,
            "score": ordinal(numbers.score),
            "dissatisfied": ordinal(numbers.dissatisfied),
            "seal": seal(key, survey_id, subject.id, text, basis),
        }


@dataclass(frozen=True, slots=True)
class ResultsList:
    """One page of the results of a survey."""

    survey: SurveyResults
    """Without any subject; the slips are those of the units on this page."""
    page: ListPage[ResultLine]
    worked_out: int
    """How many of these lines were not kept; where they are, no order knows them."""

    @property
    def assumed(self) -> bool:
        """Whether any number on this page was assumed rather than published."""
        return any(line.numbers.assumed for line in self.page.rows)


def results_page(
    session: Session, survey: Survey, asked: ListAsked, *, scheme: Scheme, today: date
) -> ResultsList:
    """Return one page of the list; what is hidden orders by nothing.

    Costs what the subjects on the page cost. Raises what `settled_plan` raises,
    PlanChanged, and CountersDiffer where counts of these subjects changed.
    """
    page = page_of(session, *_list_of(survey.id), asked)
    rated = tuple(named_rated(row) for row in page.rows)
    some = [one.id for one in rated]
    plan = settled_plan(session, survey, today=today, subject_ids=some)
    here = CountedSurvey(
        scheme=scheme,
        survey=survey,
        questionnaire=Questionnaire.from_json(survey.questionnaire),
        plan=plan,
        plans={one.id: plan.of_subject(one.id) for one in rated},
        subjects=rated,
        tallies={},
        turnouts={},
        named=signed_in(session, survey, scheme, some),
    )
    told = _believed(session, here, page.rows)
    missing = tuple(one for one in rated if one.id not in told)
    if missing:
        some = [one.id for one in missing]
        anew = asked_survey(session, survey, plan, scheme=scheme, some=some)
        anew = anew.counted(session)
        told |= {one.id: anew.numbers(one) for one in anew.subjects}
    lines = [_line(one, told[one.id]) for one in rated]
    return ResultsList(here.head(session), page.holding(lines), len(missing))


def ordered_by_shown(_session: Session, survey: Survey) -> tuple[Statement, Fact]:
    """Return the list of a settled survey's subjects, and what answers order it by.

    Only numbers that results show: the others have none.
    """
    return _with_kept(subjects_of(survey.id)), KeptResult.answers


def _with_kept(chosen: Statement) -> Statement:
    return chosen.outerjoin(
        KeptResult,
        (KeptResult.survey_id == SurveySubject.survey_id)
        & (KeptResult.subject_id == SurveySubject.subject_id),
    )


def _list_of(survey_id: int) -> tuple[Statement, ListColumns]:
    """Return the list, what was kept of each subject at the end of its row."""
    kept = KeptResult
    chosen = _with_kept(subjects_of(survey_id, *KEPT))
    orders = {
        "score": kept.score,
        "dissatisfied": kept.dissatisfied,
        "answers": kept.answers,
    }
    return chosen, subject_columns(orders)


def _line(one: Rated, numbers: ResultNumbers) -> ResultLine:
    return ResultLine(
        one.id, one.name, one.unit.shown, one.unit.code, one.title, numbers
    )


def _believed(
    session: Session, here: CountedSurvey, rows: Sequence[Sequence[object]]
) -> dict[int, ResultNumbers]:
    """Return subject → its kept numbers, of the rows that are as they were kept."""
    survey = here.survey
    digests = digests_of(session, {survey.id: [one.id for one in here.subjects]})
    key, found = seal_key_of(session), {}
    for one, row in zip(here.subjects, rows, strict=True):
        signed = here.named.get((survey.component_key, one.id), {})
        basis = basis_of(one, digests[survey.id, one.id], signed)
        numbers = believed_numbers(key, survey.id, one.id, row[-3:], basis)
        if numbers is not None:
            found[one.id] = numbers
    return found


def believed_numbers(
    key: bytes | None,
    survey_id: int,
    subject_id: int,
    row: Sequence[object],
    basis: str,
) -> ResultNumbers | None:
    """Return the numbers of a row that is sealed and rests on this; None otherwise."""
    numbers, rests_on, sealed = row
    if rests_on != basis or sealed != seal(
        key, survey_id, subject_id, numbers, rests_on
    ):
        return None
    try:
        return value_of(ResultNumbers, json.loads(str(numbers)))
    except (ValueError, Misshapen):
        return None


def basis_of(
    one: Rated, digest: str, signed: Mapping[str, tuple[NamedRating, ...]]
) -> str:
    """Return the digest of all that the numbers about a subject are made of."""
    parts = {"counts": digest, "post": one.post.value, "named": plain_of(signed)}
    return fingerprint_of(sorted_text(parts))
