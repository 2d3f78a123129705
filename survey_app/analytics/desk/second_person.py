"""What waits for a second person: somebody else began it, this account may end it."""

from typing import Any

from sqlalchemy import func, select

from survey_app.accounts.permissions import BY_TWO
from survey_app.accounts.second_person import is_doubted
from survey_app.accounts.tables import (
    PASSWORD,
    Account,
    AccountRole,
    GivenPassword,
    SecondFactor,
)
from survey_app.analytics.desk.found import (
    DeskAsked,
    DeskFound,
    exactly,
    of_scope,
    some,
)
from survey_app.appraisal.adjustments import WAITING, GivenAdjustment
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.named_ratings import NamedRatingEntry
from survey_app.survey.settling.correction import REQUESTED, Correction
from survey_app.survey.survey_acts import (
    ASKED,
    REOPENING,
    SUBJECT_OUT,
    VOIDING,
    SurveyAct,
)
from survey_app.survey.tables import Survey


def _by_cycle(asked: DeskAsked, row: Any, *waiting: Any) -> DeskFound:
    """Return what of a table waits for a second person, by cycle."""
    listed = (
        select(
            Cycle.id.label("cycle_id"),
            Cycle.name.label("about"),
            func.count().label("count"),
        )
        .select_from(row)
        .join(Cycle, Cycle.id == row.cycle_id)
        .where(*waiting, asked.scope.of_subject(row.subject_id))
        .group_by(Cycle.id, Cycle.name)
    )
    return some(asked, listed, "cycle_id")


def corrections(asked: DeskAsked) -> DeskFound:
    """Return corrections that somebody else requested."""
    return _by_cycle(
        asked, Correction,
        exactly(Correction.state, REQUESTED),
        Correction.requested_by != asked.account,
    )  # fmt: skip


def adjustments_waiting(asked: DeskAsked) -> DeskFound:
    """Return bonuses and deductions that somebody else proposed."""
    return _by_cycle(
        asked, GivenAdjustment,
        exactly(GivenAdjustment.state, WAITING),
        GivenAdjustment.entered_by != asked.account,
        Cycle.settled_on.is_(None),
    )  # fmt: skip


def ratings_waiting(asked: DeskAsked) -> DeskFound:
    """Return named ratings that somebody else copied from the paper."""
    return _by_cycle(
        asked, NamedRatingEntry,
        NamedRatingEntry.confirmed_by.is_(None),
        NamedRatingEntry.withdrawn_by.is_(None),
        NamedRatingEntry.entered_by != asked.account,
        Cycle.settled_on.is_(None),
    )  # fmt: skip


def voidings(asked: DeskAsked) -> DeskFound:
    """Return surveys that somebody else asks to void."""
    return _acts(asked, VOIDING)


def mistakes(asked: DeskAsked) -> DeskFound:
    """Return surveys that somebody else asks to reopen, or to take somebody out of."""
    return _acts(asked, SUBJECT_OUT, REOPENING)


def _acts(asked: DeskAsked, *kinds: str) -> DeskFound:
    """Return surveys about which somebody else asks for such an act."""
    asks = SurveyAct.kind.in_(kinds), exactly(SurveyAct.state, ASKED)
    listed = (
        select(Survey.title.label("about"), Survey.id.label("survey_id"))
        .join(SurveyAct, SurveyAct.survey_id == Survey.id)
        .where(*asks, SurveyAct.asked_by != asked.account, of_scope(asked.scope))
    )
    return some(asked, listed, "survey_id")


def owners(asked: DeskAsked) -> DeskFound:
    """Return accounts with roles that somebody else than their giver must confirm."""
    mine = GivenPassword.set_by == asked.account, GivenPassword.kind == PASSWORD
    of_two = select(AccountRole.account_id).where(AccountRole.role.in_(sorted(BY_TWO)))
    listed = select(
        Account.username.label("about"), Account.id.label("account_id")
    ).where(
        Account.id.in_(of_two),
        Account.password_set_by.is_(None),
        Account.username != asked.account,
        Account.username.not_in(select(GivenPassword.account).where(*mine)),
        is_doubted(Account.username.expression),
    )
    return some(asked, listed, "account_id")


def lost_phones(asked: DeskAsked) -> DeskFound:
    """Return accounts whose second factor somebody else asks to take away."""
    listed = (
        select(Account.username.label("about"), Account.id.label("account_id"))
        .join(SecondFactor, SecondFactor.account_id == Account.id)
        .where(
            SecondFactor.reset_asked_by.is_not(None),
            SecondFactor.reset_asked_by != asked.account,
            Account.username != asked.account,
        )
    )
    return some(asked, listed, "account_id")
