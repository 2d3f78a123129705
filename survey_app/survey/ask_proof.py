"""Ask for a proof of work behind a survey's open codes, or ask for it no more.

What comes without one is served all the same, and counted through a channel of its own
beside the one whose page asked: so turnout, flags and setting aside tell the two apart
by channel, and no answer carries a mark.
"""

from datetime import date

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session, aliased

from survey_app.accounts.second_person import given_so_far
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.refusals import BeingRehearsed, WrongMode
from survey_app.survey.draft import locked_survey, require_open
from survey_app.survey.survey_acts import DONE, PROOF_OFF, PROOF_ON, SurveyAct
from survey_app.survey.tables import DRAFT, REHEARSAL, Channel, Survey

_OTHER = aliased(Channel)
OPEN_KINDS = tuple(kind for kind in ChannelKind if kind.is_open)


def ask_for_proof(
    session: Session,
    survey_id: int,
    *,
    asked: bool,
    reason: str = "",
    account: str,
    today: date,
) -> None:
    """Let the pages of a survey ask for a proof of work, or ask no more; commits.

    Of a survey that is out the reason and the account stay beside it. Where it is so
    already nothing is done. Raises NotFound, WrongMode for a secret ballot,
    BeingRehearsed, or what `require_open` raises.
    """
    survey = locked_survey(session, survey_id)
    try:
        require_possible(survey)
    except Exception:
        session.rollback()
        raise
    if survey.asks_proof != asked:
        survey.asks_proof = asked
        if survey.state != DRAFT:
            if asked:
                add_unproven(session, survey)
            session.add(
                SurveyAct(
                    survey_id=survey_id, kind=PROOF_ON if asked else PROOF_OFF,
                    state=DONE, reason=reason, asked_by=account, asked_on=today,
                    given_before=given_so_far(session), before="", after="",
                )
            )  # fmt: skip
            survey.changes += 1  # whoever remembers a channel looks anew
    session.commit()


def require_possible(survey: Survey) -> None:
    """Return where a survey can begin or cease to ask; raises as `ask_for_proof`."""
    if survey.is_secret:
        raise WrongMode
    if survey.state == REHEARSAL:
        raise BeingRehearsed
    if survey.state != DRAFT:
        require_open(survey)


def add_unproven(session: Session, survey: Survey) -> None:
    """Make a channel for what comes without proof, beside every open one; no commit.

    Its code is none that anybody can type: nothing leads there but the page of the
    channel that it stands beside.
    """
    there = exists().where(_OTHER.without_proof_of == Channel.id)
    beside = (
        select(Channel)
        .where(Channel.survey_id == survey.id, Channel.kind.in_(OPEN_KINDS), ~there)
        .where(Channel.without_proof_of.is_(None))
        .order_by(Channel.id)
    )
    rows = [
        {
            "survey_id": survey.id, "code": f"-{one.id}", "kind": one.kind,
            "rater_group": one.rater_group, "place": one.place,
            "subject_id": one.subject_id, "open_reason": one.open_reason,
            "without_proof_of": one.id,
        }
        for one in session.scalars(beside)
    ]  # fmt: skip
    if rows:
        session.execute(insert(Channel), rows)
