"""A survey that follows another one takes over its codes, so that posters stay.

Until it opens, the codes lead to the earlier survey. Channels keep their numbers, and
answers theirs: only the printed code moves.
"""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from survey_app.domain.ground.mistake_refusals import EarlierStillOpen
from survey_app.survey.tables import Channel, Survey

_EARLIER = aliased(Channel)


def require_earlier_over(session: Session, survey_id: int, *, today: date) -> None:
    """Return where no survey whose codes this one takes over takes answers any more.

    Raises EarlierStillOpen.
    """
    for survey in _earlier(session, survey_id):
        if not survey.is_over(today):
            raise EarlierStillOpen


def take_over_codes(session: Session, survey_id: int) -> None:
    """Give this survey's channels the codes they follow; does not commit.

    The earlier channels get those these had, which were never printed. Whoever
    remembers a channel of the earlier survey looks anew.
    """
    pairs = session.execute(
        select(Channel, _EARLIER)
        .join(_EARLIER, _EARLIER.id == Channel.takes_over)
        .where(Channel.survey_id == survey_id)
        .order_by(Channel.id)
    ).all()
    earlier = {old.survey_id for _, old in pairs}
    codes = [(new, old, new.code, old.code) for new, old in pairs]
    for new, _, unprinted, _ in codes:
        new.code = f"-{unprinted}"  # no code: two channels never share one
    session.flush()
    for _, old, unprinted, _ in codes:
        old.code = unprinted
    session.flush()
    for new, _, _, printed in codes:
        new.code, new.takes_over = printed, None
    changed = update(Survey).where(Survey.id.in_(earlier))
    session.execute(changed.values(changes=Survey.changes + 1))
    session.flush()


def _earlier(session: Session, survey_id: int) -> list[Survey]:
    wanted = (
        select(Survey)
        .join(_EARLIER, _EARLIER.survey_id == Survey.id)
        .join(Channel, Channel.takes_over == _EARLIER.id)
        .where(Channel.survey_id == survey_id)
        .distinct()
    )
    return list(session.scalars(wanted))
