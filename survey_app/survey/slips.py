"""Slips and invitations: single-use codes of one channel, made and handed out.

Which codes were made nobody keeps: a code proves itself by its signature, and counts
once by its receipt. Only how many were given out is kept, and can be compared with how
many came back. So no table, and no copy of one, tells which slip answered what.
"""

import secrets

from sqlalchemy import update
from sqlalchemy.orm import Session

from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.door_refusals import NoSlipsHere
from survey_app.domain.ground.printed_code import slip_tail
from survey_app.domain.ground.refusals import NotFound
from survey_app.survey.draft import require_open
from survey_app.survey.tables import DRAFT, REHEARSAL, Channel

MOST_AT_ONCE = 2000
"""Slips that are made in one go."""


def give_out_slips(
    session: Session, channel_id: int, *, number: int, key: bytes
) -> list[str]:
    """Return so many new codes of a channel, in an order nobody chose; commits.

    They are made once: whoever loses them gives out others, and both are counted.
    Raises NotFound, NoSlipsHere where the channel lets people in otherwise, or what
    `require_open` raises of a survey that is over; a draft's slips can be printed
    before it opens.
    """
    channel = session.get(Channel, channel_id)
    if channel is None:
        raise NotFound
    if not ChannelKind(channel.kind).is_single_use:
        raise NoSlipsHere
    if channel.survey.state not in (DRAFT, REHEARSAL):
        require_open(channel.survey)
    if not 0 < number <= MOST_AT_ONCE:
        raise ValueError("so many at once are not made")
    code, made = channel.code, set[str]()
    while len(made) < number:
        made.add(code + slip_tail(code, secrets.token_bytes(5), key))
    given = update(Channel).where(Channel.id == channel_id)
    session.execute(given.values(codes_out=Channel.codes_out + number))
    session.commit()
    return sorted(made)
