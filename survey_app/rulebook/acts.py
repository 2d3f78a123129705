"""What is done with a questionnaire or scheme of one's own: written, ready, withdrawn.

A draft may be faulty and is kept. Ready, it stays as it is for ever; what comes after
is its next version. Withdrawn, it is offered to nobody any more, and whatever uses it
goes on.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.ground.rule_refusals import (
    RuleChanged,
    RuleDraftStands,
    RuleFrozen,
    RuleKeyTaken,
    RuleNotReady,
)
from survey_app.rulebook.tables import DRAFT, READY, WITHDRAWN, RuleText


@dataclass(frozen=True, slots=True)
class RuleHand:
    """Who does it, and on which day."""

    account: str
    today: date


@dataclass(frozen=True, slots=True)
class Written:
    """One text as it is to be kept."""

    key: str
    version: int
    text: str
    title: Bilingual


def make_draft(
    session: Session, kind: str, written: Written, hand: RuleHand
) -> RuleText:
    """Return the new draft.

    Raises RuleDraftStands where a draft of this key is being written already, and
    RuleKeyTaken where this very version is there.
    """
    _refuse_second_draft(session, kind, written.key)
    row = RuleText(
        kind=kind, key=written.key, version=written.version, text=written.text,
        title_zh=written.title.zh, title_en=written.title.en,
        made_by=hand.account, made_on=hand.today,
    )  # fmt: skip
    session.add(row)
    _keep(session)
    return row


def save_draft(
    session: Session, rule_id: int, written: Written, hand: RuleHand, *, seen: int
) -> int:
    """Keep what is written now; return how often the draft was saved by then.

    Raises NotFound, RuleFrozen, RuleChanged where somebody saved after `seen`, and
    RuleKeyTaken.
    """
    row = _draft(session, rule_id)
    if row.saved != seen:
        session.rollback()
        raise RuleChanged
    if row.key != written.key:
        _refuse_second_draft(session, row.kind, written.key)
    row.key, row.version, row.text = written.key, written.version, written.text
    row.title_zh, row.title_en = written.title.zh, written.title.en
    row.changed_by, row.changed_on = hand.account, hand.today
    row.saved = saved = seen + 1
    _keep(session)
    return saved


def make_ready(
    session: Session, rule_id: int, fingerprint: str, hand: RuleHand, *, seen: int
) -> None:
    """Freeze the draft and offer it; whoever calls has read it without a fault.

    Raises NotFound, RuleFrozen, or RuleChanged.
    """
    row = _draft(session, rule_id)
    if row.saved != seen:
        session.rollback()
        raise RuleChanged
    row.state, row.fingerprint = READY, fingerprint
    row.ready_by, row.ready_on = hand.account, hand.today
    session.commit()


def withdraw(session: Session, rule_id: int, hand: RuleHand) -> None:
    """Offer it to nobody any more; raises NotFound or RuleNotReady."""
    row = _locked(session, rule_id)
    if row.state != READY:
        session.rollback()
        raise RuleNotReady
    row.state = WITHDRAWN
    row.withdrawn_by, row.withdrawn_on = hand.account, hand.today
    session.commit()


def delete_rule_draft(session: Session, rule_id: int) -> None:
    """Forget a draft nobody could choose; raises NotFound or RuleFrozen."""
    _draft(session, rule_id)
    session.execute(delete(RuleText).where(RuleText.id == rule_id))
    session.commit()


def newest_frozen(session: Session, kind: str, key: str) -> int:
    """Return the newest version under the key that was ever ready; 0: none."""
    ours = select(func.max(RuleText.version)).where(
        RuleText.kind == kind, RuleText.key == key, RuleText.state != DRAFT
    )
    return session.scalar(ours) or 0


def keys_of(session: Session, kind: str) -> set[str]:
    """Return every key that this office gave to one of this kind."""
    return set(session.scalars(select(RuleText.key).where(RuleText.kind == kind)))


def _refuse_second_draft(session: Session, kind: str, key: str) -> None:
    drafts = select(RuleText.id).where(
        RuleText.kind == kind, RuleText.key == key, RuleText.state == DRAFT
    )
    if session.scalar(drafts) is not None:
        session.rollback()
        raise RuleDraftStands


def _draft(session: Session, rule_id: int) -> RuleText:
    row = _locked(session, rule_id)
    if row.state != DRAFT:
        session.rollback()
        raise RuleFrozen
    return row


def _locked(session: Session, rule_id: int) -> RuleText:
    row = session.get(RuleText, rule_id, with_for_update=True, populate_existing=True)
    if row is None:
        session.rollback()
        raise NotFound
    return row


def _keep(session: Session) -> None:
    try:
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise RuleKeyTaken from error
