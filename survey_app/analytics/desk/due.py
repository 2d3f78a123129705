"""What is to be done: for each kind of it one small function, and one table of all.

A kind costs one statement or two, however much of it there is: the first few are named,
the others counted up to `MOST`. Whoever adds a matter to the platform adds what is due
of it by one more entry of `DUE`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from survey_app.alerts.due import ANSWER, DueAct, due_acts
from survey_app.analytics.case_lists import case_within
from survey_app.analytics.desk.found import (
    FEW,
    MOST,
    DeskAsked,
    DeskFound,
    DueItem,
    exactly,
    of_scope,
    some,
)
from survey_app.analytics.desk.second_person import (
    adjustments_waiting,
    corrections,
    lost_phones,
    mistakes,
    owners,
    ratings_waiting,
    voidings,
)
from survey_app.analytics.paging import Statement
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Unit
from survey_app.ballot import tables as box_state
from survey_app.ballot.held_box import REQUESTED as WITHOUT_TICKETS
from survey_app.ballot.tables import BallotBox, Batch
from survey_app.domain.alerts.review import Act
from survey_app.domain.ground.marked import message
from survey_app.jobs.tables import FAILED, UNFINISHED, JobRow
from survey_app.survey import tables as survey_state
from survey_app.survey.closing import CLOSE
from survey_app.survey.tables import CLOSING, DRAFT, OPEN, UNSETTLED, Survey


@dataclass(frozen=True, slots=True)
class DueKind:
    """One kind of thing to do: what it is called, who may do it, and where."""

    key: str
    says: str
    """The heading, marked for translators."""
    acts: tuple[str, ...]
    """Endpoints that do it: whoever may call one of them is told of it."""
    page: str
    """The endpoint an item leads to."""
    rest: str
    """The endpoint that lists the others."""
    find: Callable[[DeskAsked], DeskFound]


@dataclass(frozen=True, slots=True)
class DueGroup:
    """One kind with what is due of it."""

    kind: DueKind
    found: DeskFound


def failed_work(asked: DeskAsked) -> DeskFound:
    """Return what this account asked for, failed, and was not asked for again."""
    later = aliased(JobRow)
    again = exists().where(
        later.kind == JobRow.kind,
        later.about == JobRow.about,
        later.detail == JobRow.detail,
        later.id > JobRow.id,
    )
    mine = JobRow.asked_by == asked.account, exactly(JobRow.state, FAILED), ~again
    listed = select(JobRow.kind.label("about"), JobRow.id.label("job_id"))
    return some(asked, listed.where(*mine), "job_id")


def tickets(asked: DeskAsked) -> DeskFound:
    """Return batches that another account requested, by ballot."""
    waiting = exactly(Batch.state, WITHOUT_TICKETS), Batch.requested_by != asked.account
    by_ballot = (
        select(Batch.survey_id, func.count().label("count"))
        .where(*waiting)
        .group_by(Batch.survey_id)
    )
    if not asked.scope.is_whole:
        within = select(Unit.id).where(asked.scope.condition(Unit.id.expression))
        units = asked.session.scalars(within).all()
        by_ballot = by_ballot.where(Batch.unit_id.in_(units))
    return _ballots(asked, by_ballot, DRAFT)


def boxes(asked: DeskAsked) -> DeskFound:
    """Return closed boxes to be decrypted, and those whose decryption stopped."""
    states = box_state.CLOSED, box_state.COUNTED
    closed = select(BallotBox.survey_id, literal(1).label("count"))
    return _ballots(asked, closed.where(BallotBox.state.in_(states)), None)


def _ballots(asked: DeskAsked, counted: Statement, state: str | None) -> DeskFound:
    """Return items about ballots: survey and count come from the ballot database."""
    if asked.ballots is None:
        return DeskFound()
    with asked.ballots.connect() as connection:
        rows = connection.execute(counted.limit(MOST)).all()
    counts = {int(row[0]): int(row[1]) for row in rows}
    named = select(Survey.id, Survey.title).where(Survey.id.in_(counts))
    ours = asked.scope.of_survey(Survey.id)
    named = named.where(Survey.state != survey_state.VOID, ours)
    if state is not None:
        named = named.where(Survey.state == state)
    found = asked.session.execute(named.order_by(Survey.id)).all() if counts else []
    items = [DueItem(row.title, {"survey_id": row.id}, counts[row.id]) for row in found]
    return DeskFound(tuple(items[:FEW]), max(0, len(items) - FEW))


def alerts(asked: DeskAsked) -> DeskFound:
    """Return what comes next of alerts, and unanswered objections; mine in front."""
    within = case_within(asked.scope)
    may = {act for endpoint in asked.acts for act in ACTS_OF.get(endpoint, ())}
    found = due_acts(
        asked.session, asked.account, today=asked.today, condition=within, acts=may
    )
    items = tuple(_about_alert(one) for one in found[:FEW])
    return DeskFound(items, max(0, len(found) - FEW))


def _about_alert(one: DueAct) -> DueItem:
    if one.act == ANSWER and one.objection_id is not None:
        page, at = "office.objection", {"objection_id": one.objection_id}
    else:
        page, at = "office.alert", {"alert_id": one.alert_id or 0}
    name = one.subject if one.subject == one.unit else f"{one.unit} {one.subject}"
    return DueItem(
        name, at, due_on=one.due_on, among=one.group, act=one.act, page=page,
        is_mine=one.is_mine, survey_id=one.survey_id,
    )  # fmt: skip


def surveys_to_close(asked: DeskAsked) -> DeskFound:
    """Return surveys whose last day has passed, and any whose closing stopped.

    Due on the day after the last one.
    """
    under_way = exists().where(
        JobRow.kind == CLOSE, JobRow.about == Survey.id, JobRow.state.in_(UNFINISHED)
    )
    last_day = Survey.closes_on < asked.today
    over = or_(
        exactly(Survey.state, OPEN) & (last_day | Survey.id.in_(_begun(asked))),
        exactly(Survey.state, CLOSING) & ~under_way,
    )
    listed = select(
        Survey.title.label("about"),
        Survey.id.label("survey_id"),
        Survey.closes_on.label("due_on"),
    ).where(over, of_scope(asked.scope))
    return _days_later(some(asked, listed, "survey_id"))


def _begun(asked: DeskAsked) -> list[int]:
    """Return the ballots whose closing began and that are not closed."""
    if asked.ballots is None:
        return []
    begun = BallotBox.state == box_state.OPEN, BallotBox.signatures.is_not(None)
    with Session(asked.ballots) as boxes:
        return list(boxes.scalars(select(BallotBox.survey_id).where(*begun)))


def _days_later(found: DeskFound) -> DeskFound:
    """Return the same with each thing due on the day after."""
    day = timedelta(days=1)
    items = tuple(
        DueItem(one.about, one.at, due_on=one.due_on + day if one.due_on else None)
        for one in found.items
    )
    return DeskFound(items, found.more)


def surveys_to_open(asked: DeskAsked) -> DeskFound:
    """Return drafts whose first day has come."""
    due = exactly(Survey.state, DRAFT), Survey.opens_on <= asked.today
    listed = select(
        Survey.title.label("about"),
        Survey.id.label("survey_id"),
        Survey.opens_on.label("due_on"),
    ).where(*due, of_scope(asked.scope))
    return some(asked, listed, "survey_id")


def cycles_to_settle(asked: DeskAsked) -> DeskFound:
    """Return cycles with results, all of whose surveys have ended."""
    own = Survey.cycle_id == Cycle.id
    under_way = (*(s for s in UNSETTLED if s != survey_state.VOID), OPEN)
    listed = select(Cycle.name.label("about"), Cycle.id.label("cycle_id")).where(
        Cycle.settled_on.is_(None),
        Cycle.appraises,
        exists().where(own, Survey.state == survey_state.CLOSED),
        ~exists().where(own, Survey.state.in_(under_way)),
    )
    return some(asked, listed, "cycle_id")


ACTS_OF: Mapping[str, tuple[str, ...]] = {
    "office.do_review_act": (Act.BEGIN, Act.CHECK, Act.HEAR, Act.PLAN),
    "office.do_deciding_act": (Act.DECIDE, Act.CLOSE),
    "office.do_second_act": (Act.CONFIRM,),
    "office.answer_objection": (ANSWER,),
}
"""Address → what is done there about alerts; the desk tells nobody of others' acts."""

DUE: tuple[DueKind, ...] = (
    DueKind(
        "failed-work", message("Work that failed"),
        ("office.start_job_again",), "office.job", "office.home", failed_work,
    ),
    DueKind(
        "alerts", message("Alerts and re-check requests"),
        tuple(ACTS_OF),
        "office.alert", "office.alert_cases", alerts,
    ),
    DueKind(
        "corrections", message("Corrections to confirm as the second person"),
        ("office.confirm_one_correction",), "office.cycle", "office.score_sheets",
        corrections,
    ),
    DueKind(
        "adjustments", message("Bonuses and deductions to confirm"),
        ("office.confirm_adjustment",), "office.adjustments", "office.score_sheets",
        adjustments_waiting,
    ),
    DueKind(
        "named-ratings", message("Named ratings to confirm"),
        ("office.confirm_named_rating",), "office.named_ratings",
        "office.score_sheets", ratings_waiting,
    ),
    DueKind(
        "voidings", message("Surveys that another account asks to void"),
        ("office.grant_survey_void",), "office.confirm_survey_void", "office.surveys",
        voidings,
    ),
    DueKind(
        "mistakes", message("Surveys to mend as the second person"),
        ("office.grant_taking_out",), "office.survey", "office.surveys", mistakes,
    ),
    DueKind(
        "owners", message("Accounts that another person made or gave roles"),
        ("office.confirm_owner",), "office.confirm_account", "office.accounts", owners,
    ),
    DueKind(
        "lost-phones", message("Second factors that another account asks to take away"),
        ("office.confirm_factor_reset",), "office.lost_second_factor",
        "office.accounts", lost_phones,
    ),
    DueKind(
        "tickets", message("Tickets to issue"),
        ("office.issue_slips",), "office.survey", "office.surveys", tickets,
    ),
    DueKind(
        "surveys-to-close", message("Surveys to close"),
        ("office.close_survey",), "office.confirm_closing", "office.surveys",
        surveys_to_close,
    ),
    DueKind(
        "boxes", message("Boxes to decrypt"),
        ("office.decrypt_on_server",), "office.ballot_box", "office.surveys", boxes,
    ),
    DueKind(
        "surveys-to-open", message("Surveys whose first day has come"),
        ("office.open_survey",), "office.confirm_opening", "office.surveys",
        surveys_to_open,
    ),
    DueKind(
        "cycles-to-settle", message("Cycles that can be settled"),
        ("office.settle_cycle",), "office.cycle", "office.surveys", cycles_to_settle,
    ),
)  # fmt: skip
"""In the order in which they are shown: what waits for this account in front."""
