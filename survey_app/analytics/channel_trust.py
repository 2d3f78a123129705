"""What a survey's channels can prove: kinds, slips, reasons, and what is unusual."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.analytics.listed_channels import (
    ListedChannel,
    channels_by_number,
    names_before_opening,
)
from survey_app.domain.counting.channel_flags import Flagged
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.survey.flags import flags_kept
from survey_app.survey.set_aside import channels_aside
from survey_app.survey.tables import Channel, Survey

MOST = 200
"""Unusual channels that are listed."""


@dataclass(frozen=True, slots=True)
class GroupWays:
    """How one rater group came in."""

    rater_group: str
    kinds: tuple[ChannelKind, ...]
    codes_out: int
    reasons: tuple[str, ...]
    """Why its code is open although its people are known."""

    @property
    def is_open(self) -> bool:
        """Whether whoever came by may have answered for it, and often."""
        return any(kind.is_open for kind in self.kinds)

    @property
    def is_controlled(self) -> bool:
        """Whether each answer was let in once by somebody."""
        return bool(self.kinds) and all(kind.is_controlled for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class UnusualChannel:
    """A channel that is flagged, or was set aside."""

    channel: ListedChannel
    flags: tuple[Flagged, ...]
    is_aside: bool


def group_ways(session: Session, survey: Survey) -> tuple[GroupWays, ...]:
    """Return how each rater group comes in, in the scheme's order; one statement."""
    ours = (
        select(
            Channel.rater_group, Channel.kind, Channel.open_reason,
            func.sum(Channel.codes_out),
        )
        .where(Channel.survey_id == survey.id)
        .group_by(Channel.rater_group, Channel.kind, Channel.open_reason)
        .order_by(Channel.open_reason)
    )  # fmt: skip
    rows: defaultdict[str, list[tuple[ChannelKind, str, int]]] = defaultdict(list)
    for group, kind, reason, codes in session.execute(ours):
        rows[group].append((ChannelKind(kind), reason, int(codes)))
    return tuple(
        GroupWays(
            group,
            tuple(kind for kind in ChannelKind if kind in _kinds(rows[group])),
            sum(codes for _, _, codes in rows[group]),
            tuple(dict.fromkeys(why for _, why, _ in rows[group] if why)),
        )
        for group in survey.group_labels
    )


def _kinds(rows: Iterable[tuple[ChannelKind, str, int]]) -> set[ChannelKind]:
    return {kind for kind, _, _ in rows}


def open_reasons(session: Session, survey_id: int) -> tuple[str, ...]:
    """Return why codes for known people were open to everybody, each reason once."""
    told = select(Channel.open_reason).where(
        Channel.survey_id == survey_id, Channel.open_reason != ""
    )
    return tuple(session.scalars(told.distinct().order_by(Channel.open_reason)))


def unusual_channels(session: Session, survey: Survey) -> tuple[UnusualChannel, ...]:
    """Return what the last look found, and what was set aside; `MOST` at most."""
    flags: defaultdict[int, list[Flagged]] = defaultdict(list)
    for one in flags_kept(session, survey.id):
        flags[one.channel_id].append(one)
    aside = channels_aside(session, survey.id)
    numbers = sorted({*flags, *aside})[:MOST]
    if not numbers:
        return ()
    names = names_before_opening(session, survey)
    listed = channels_by_number(session, survey.id, numbers, names)
    return tuple(
        UnusualChannel(channel, tuple(flags[channel.id]), channel.id in aside)
        for channel in listed
    )
