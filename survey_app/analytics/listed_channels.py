"""The channels of one survey as a list, and those of them that somebody has chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from survey_app.analytics.listed_subjects import SEARCHED, told_apart_here
from survey_app.analytics.paging import (
    ListAsked,
    ListColumns,
    ListPage,
    Statement,
    matching,
    page_of,
)
from survey_app.appraisal.people import Subject
from survey_app.appraisal.rated import Rated
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.survey.rated import (
    channels_of,
    facts_in,
    leads_somewhere,
    named_rated,
    rated_of,
)
from survey_app.survey.tables import DRAFT, REHEARSAL, Channel, RatedSubject, Survey

_FACTS = facts_in(RatedSubject)
_COLUMNS = ListColumns(
    always=(
        Channel.subject_id.is_(None),
        RatedSubject.position,
        _FACTS["unit_code"],
        Subject.cadre_id.is_not(None),
        Channel.subject_id,
        Channel.id,
    ),
    search=(
        *(func.coalesce(one, "") for one in SEARCHED),
        Channel.place,
        Channel.initials,
        Channel.code,
    ),
    within=lambda scope: scope.of_subject(Channel.subject_id),
    unit_code=_FACTS["unit_code"],
    unit_name=_FACTS["unit_name"],
)


@dataclass(frozen=True, slots=True)
class ListedChannel:
    """One channel, and about whom it asks."""

    id: int
    code: str
    rater_group: str
    place: str
    subject: Rated | None
    """None: the respondent chooses."""
    kind: ChannelKind
    is_stopped: bool
    codes_out: int
    """Single-use codes that were given out."""
    is_unproven: bool = False
    """Whether it counts what came through its code without a proof of work."""


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """Which channels of a survey are meant: all that everything in here leaves."""

    asked: ListAsked = field(default_factory=ListAsked)
    rater_group: str = ""
    """Empty: whatever the group."""
    only: frozenset[int] = frozenset()
    """Empty: whatever the number."""
    kind: ChannelKind | None = None
    """None: whatever the kind."""
    unproven: bool = False
    """Whether those that count what came without a proof of work are meant too."""


def channels_page(
    session: Session, survey_id: int, choice: ChannelChoice
) -> ListPage[ListedChannel]:
    """Return one page of a survey's channels, unit by unit."""
    page = page_of(session, _chosen(survey_id, choice), _COLUMNS, choice.asked)
    listed = page.of(_listed)
    told = told_apart_here(one.subject for one in listed.rows if one.subject)
    return listed.holding(_named(listed.rows, told))


def kinds_by_number(session: Session, survey_id: int) -> dict[ChannelKind, int]:
    """Return kind → how many channels of a survey are of it, in one statement."""
    counted = (
        select(Channel.kind, func.count().label("number"))
        .where(Channel.survey_id == survey_id, leads_somewhere(), PRINTED)
        .group_by(Channel.kind)
    )
    rows = session.execute(counted)
    return {ChannelKind(row.kind): row.number for row in rows}


def channels_by_group(session: Session, survey_id: int) -> dict[str, int]:
    """Return rater group → how many channels lead to it, in one statement."""
    counted = (
        select(Channel.rater_group, func.count().label("number"))
        .where(Channel.survey_id == survey_id, leads_somewhere(), PRINTED)
        .group_by(Channel.rater_group)
        .order_by(Channel.rater_group)
    )
    return {row.rater_group: row.number for row in session.execute(counted)}


def chosen_channels(
    session: Session, survey_id: int, choice: ChannelChoice
) -> list[int]:
    """Return the numbers of the channels that are meant, in the order of the list."""
    found = _chosen(survey_id, choice).where(matching(_COLUMNS, choice.asked))
    ordered = found.with_only_columns(Channel.id).order_by(*_COLUMNS.always)
    return list(session.scalars(ordered))


def names_before_opening(session: Session, survey: Survey) -> list[Rated]:
    """Return a draft's subjects as they are told apart now, for `channels_by_number`.

    That takes a look at all of them, so whoever needs many channels takes it once.
    Of a survey that has opened there are none: its names stand in its rows.
    """
    is_frozen = survey.state not in (DRAFT, REHEARSAL)
    return [] if is_frozen else rated_of(session, survey.id)


def channels_by_number(
    session: Session, survey_id: int, numbers: Sequence[int], names: Sequence[Rated]
) -> list[ListedChannel]:
    """Return channels of a survey in this order, named as the survey names them."""
    ours = _chosen(survey_id, ChannelChoice(only=frozenset(numbers), unproven=True))
    found = {one.id: one for one in map(_listed, session.execute(ours))}
    return _named([found[number] for number in numbers if number in found], names)


_FOLLOWED = aliased(Channel)
_PRINTED = func.coalesce(
    select(_FOLLOWED.code)
    .where(
        (_FOLLOWED.id == Channel.takes_over)
        | (_FOLLOWED.id == Channel.without_proof_of)
    )
    .correlate(Channel)
    .scalar_subquery(),
    Channel.code,
)
"""The code on the poster: of a draft that takes it over, the earlier channel's; of what
came without a proof of work, that of the page it came from."""
PRINTED = Channel.without_proof_of.is_(None)
_OWN = (
    Channel.id.expression, _PRINTED, Channel.rater_group.expression,
    Channel.place.expression, Channel.subject_id.expression, Channel.kind.expression,
    Channel.is_stopped.expression, Channel.codes_out.expression,
    Channel.without_proof_of.expression,
)  # fmt: skip


def _chosen(survey_id: int, choice: ChannelChoice) -> Statement:
    chosen = channels_of(survey_id, *_OWN)
    if choice.rater_group:
        chosen = chosen.where(Channel.rater_group == choice.rater_group)
    if choice.kind:
        chosen = chosen.where(Channel.kind == choice.kind)
    if choice.only:
        chosen = chosen.where(Channel.id.in_(choice.only))
    if not choice.unproven:
        chosen = chosen.where(PRINTED)
    return chosen


def _listed(row: Sequence[Any]) -> ListedChannel:
    number, code, rater_group, place, subject, kind, stopped, given, beside = row[
        -len(_OWN) :
    ]
    rated = None if subject is None else named_rated(row)
    return ListedChannel(
        number,
        code,
        rater_group,
        place,
        rated,
        ChannelKind(kind),
        stopped,
        given,
        is_unproven=beside is not None,
    )


def _named(
    listed: Sequence[ListedChannel], told: Sequence[Rated]
) -> list[ListedChannel]:
    """Return the channels with their subjects named like this."""
    by_id = {one.id: one for one in told}
    return [
        replace(one, subject=by_id.get(one.subject.id, one.subject))
        if one.subject
        else one
        for one in listed
    ]
