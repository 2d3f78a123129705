"""What the office lists: cycles with their surveys, accounts, the acts of a survey."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased, defer, joinedload

from survey_app.accounts.permissions import KEEPER, Grant
from survey_app.accounts.tables import (
    CONFIRMATION,
    Account,
    AccountRole,
    AccountSurvey,
    GivenPassword,
)
from survey_app.analytics.paging import (
    ListAsked,
    ListColumns,
    ListPage,
    anywhere,
    page_of,
)
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.domain.scheme.scheme import Scheme
from survey_app.survey.survey_acts import SurveyAct
from survey_app.survey.tables import (
    DRAFT,
    UNCOUNTED,
    VOID,
    PublicationPlan,
    Survey,
    SurveySubject,
)


def _about_unit(unit: str) -> ColumnElement[bool]:
    """Return the condition of a survey about somebody of this unit."""
    named = or_(Unit.code == unit, Unit.name.icontains(unit, autoescape=True))
    asked = select(SurveySubject.survey_id).join(
        Subject, Subject.id == SurveySubject.subject_id
    )
    return Survey.id.in_(asked.join(Unit, Unit.id == Subject.unit_id).where(named))


_SURVEYS = ListColumns(
    always=(Cycle.id.desc(), Survey.id.desc()),
    search=(
        Cycle.name,
        Cycle.initials,
        func.coalesce(Survey.title, ""),
        func.coalesce(Survey.initials, ""),
    ),
    about_unit=_about_unit,
    orders={
        "name": Survey.title,
        "opens": Survey.opens_on,
        "closes": Survey.closes_on,
    },
    within=lambda scope: and_(
        scope.of_survey(Survey.id),
        Survey.id.in_(
            select(SurveySubject.survey_id).where(
                scope.of_subject(SurveySubject.subject_id)
            )
        )
        if scope.tops is not None
        else true(),
    ),
)
_CYCLES = ListColumns(
    always=(Cycle.id.desc(),), search=(Cycle.name, Cycle.initials), within=anywhere
)
UNSETTLED = Cycle.settled_on.is_(None) & Cycle.appraises
CYCLES_TO_CHOOSE = 12
DROP_DOWN = 200
"""Other names may be typed into the workbook too."""


_OWN = aliased(Unit)


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role of an account, in names."""

    grant: Grant
    unit: str
    """Of the unit it is limited to; empty: it holds everywhere."""
    unit_code: str
    person: str
    """Of the cadre or unit that the appraised is."""
    person_code: str


@dataclass(frozen=True, slots=True)
class ListedSurvey:
    """One survey under its cycle."""

    cycle: Cycle
    survey: Survey | None
    """None: the cycle has none yet."""


def acts_of(session: Session, survey_id: int) -> Sequence[SurveyAct]:
    """Return the acts of a survey, the oldest first."""
    ours = select(SurveyAct).where(SurveyAct.survey_id == survey_id)
    return session.scalars(ours.order_by(SurveyAct.id)).all()


def cycles_page(
    session: Session, asked: ListAsked, *, only_unsettled: bool = False
) -> ListPage[Cycle]:
    """Return one page of the cycles, the newest first: few, they are to choose from."""
    chosen = select(Cycle.id).where(Cycle.appraises)
    if only_unsettled:
        chosen = chosen.where(UNSETTLED)
    page = page_of(session, chosen, _CYCLES, asked, size=CYCLES_TO_CHOOSE)
    found = _cycles(session, {row.id for row in page.rows})
    return page.of(lambda row: found[row.id])


def newest_unsettled(session: Session) -> Sequence[Cycle]:
    """Return the cycles that a workbook may be about, as many as a drop-down takes."""
    newest = select(Cycle).where(UNSETTLED).order_by(Cycle.id.desc())
    return session.scalars(newest.limit(DROP_DOWN)).all()


def settled_of_cycle(session: Session, cycle_id: int) -> Sequence[Survey]:
    """Return the surveys of a cycle whose counts are final, the newest first."""
    ours = (
        select(Survey)
        .join(PublicationPlan)
        .where(
            Survey.cycle_id == cycle_id,
            Survey.state.not_in((VOID, *UNCOUNTED)),
            PublicationPlan.evaluated.is_not(None),
        )
    )
    return session.scalars(ours.order_by(Survey.id.desc())).all()


def newest_cycle(session: Session) -> Cycle | None:
    """Return the newest cycle that appraises; None without any."""
    newest = select(Cycle).where(Cycle.appraises)
    return session.scalars(newest.order_by(Cycle.id.desc()).limit(1)).first()


def unsettled_schemes(session: Session) -> list[Scheme]:
    """Return the schemes under which cycles stand that are not settled, each once."""
    first = select(func.min(Cycle.id)).where(UNSETTLED)
    some = select(Cycle).where(Cycle.id.in_(first.group_by(Cycle.scheme_fingerprint)))
    return [one.rules for one in session.scalars(some.order_by(Cycle.id))]


def surveys_page(
    session: Session, asked: ListAsked, *, state: str = "", mode: str = ""
) -> ListPage[ListedSurvey]:
    """Return one page of the surveys, the newest cycle and survey first.

    A cycle without any is a row of its own, unless a state or a mode is asked for.
    """
    chosen = (
        select(Cycle.id.label("cycle"), Survey.id.label("survey"))
        .select_from(Cycle)
        .outerjoin(Survey, Survey.cycle_id == Cycle.id)
    )
    if state or asked.sort:
        chosen = chosen.where(
            Survey.state == state if state else Survey.id.is_not(None)
        )
    if mode:
        chosen = chosen.where(Survey.mode == mode)
    page = page_of(session, chosen, _SURVEYS, asked)
    cycles = _cycles(session, {row.cycle for row in page.rows})
    ours = select(Survey).where(Survey.id.in_([row.survey for row in page.rows]))
    read = session.scalars(ours.options(defer(Survey.questionnaire)))
    surveys = {one.id: one for one in read}
    return page.of(lambda row: ListedSurvey(cycles[row.cycle], surveys.get(row.survey)))


def _cycles(session: Session, numbers: Collection[int]) -> dict[int, Cycle]:
    some = select(Cycle).where(Cycle.id.in_(numbers))
    return {one.id: one for one in session.scalars(some)}


def drafts_of_cycle(session: Session, cycle_id: int) -> Sequence[Survey]:
    """Return the drafts of one cycle, the oldest first."""
    own = select(Survey).where(Survey.cycle_id == cycle_id, Survey.state == DRAFT)
    return session.scalars(own.order_by(Survey.id)).all()


def survey_of(session: Session, survey_id: int) -> Survey | None:
    """Return the survey with its cycle; None without one.

    Its subjects and channels are lists of their own, read page by page.
    """
    return session.get(Survey, survey_id, options=[joinedload(Survey.cycle)])


@dataclass(frozen=True, slots=True)
class ChosenSurvey:
    """One survey that an account may be limited to."""

    id: int
    title: str
    cycle: str


def surveys_to_choose(
    session: Session, held: Collection[int]
) -> Sequence[ChosenSurvey]:
    """Return the newest surveys, and these besides, the newest first."""
    newest = select(Survey.id).where(Survey.state != VOID).order_by(Survey.id.desc())
    numbers = {*session.scalars(newest.limit(DROP_DOWN)), *held}
    wanted = (
        select(Survey.id, Survey.title, Cycle.name)
        .join(Cycle, Cycle.id == Survey.cycle_id)
        .where(Survey.id.in_(numbers))
    )
    rows = session.execute(wanted.order_by(Survey.id.desc()))
    return [ChosenSurvey(*row) for row in rows]


def limited_accounts(session: Session, numbers: Collection[int]) -> dict[int, int]:
    """Return account → to how many surveys it is limited, of those that are."""
    ours = func.count(AccountSurvey.survey_id)
    counted = (
        select(Account.id, ours)
        .outerjoin(AccountSurvey, AccountSurvey.account_id == Account.id)
        .where(Account.id.in_(numbers), Account.only_surveys)
        .group_by(Account.id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def keepers(session: Session) -> int:
    """Return how many accounts may keep accounts."""
    counted = select(func.count(AccountRole.account_id.distinct()))
    return session.scalar(counted.where(AccountRole.role == KEEPER)) or 0


def roles_by_account(
    session: Session, numbers: Collection[int]
) -> dict[int, tuple[HeldRole, ...]]:
    """Return account → its roles with the names of where and for whom they hold."""
    rows = session.execute(
        select(
            AccountRole, Unit.name, Unit.code,
            func.coalesce(Cadre.name, _OWN.name), func.coalesce(Cadre.code, _OWN.code),
        )
        .outerjoin(Unit, Unit.id == AccountRole.unit_id)
        .outerjoin(Subject, Subject.id == AccountRole.subject_id)
        .outerjoin(Cadre, Cadre.id == Subject.cadre_id)
        .outerjoin(_OWN, _OWN.id == Subject.unit_id)
        .where(AccountRole.account_id.in_(numbers))
        .order_by(AccountRole.id)
    )  # fmt: skip
    found: dict[int, tuple[HeldRole, ...]] = {}
    for row, *names in rows:
        held = HeldRole(row.grant, *(name or "" for name in names))
        found[row.account_id] = (*found.get(row.account_id, ()), held)
    return found


def confirmed_by(
    session: Session, names: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return account → who confirmed its owner since a password was last given to it.

    Of these accounts; "" stands for the terminal.
    """
    found: dict[str, dict[str, None]] = {}
    some = select(GivenPassword).where(GivenPassword.account.in_(names))
    for row in session.scalars(some.order_by(GivenPassword.id)):
        if row.kind == CONFIRMATION:
            found.setdefault(row.account, {})[row.set_by] = None
        else:
            found.pop(row.account, None)
    return {account: tuple(names) for account, names in found.items()}
