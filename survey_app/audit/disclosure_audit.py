"""The audit: everything anybody can load, in the true world and in others like it.

Where two worlds differ only in what a hidden group said, no page, file or number may
differ. And what the plans publish must not add up to a number about few people.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import ROLES
from survey_app.audit.addresses import Address, Addresses, addresses_of
from survey_app.audit.given_away import given_away
from survey_app.audit.other_worlds import OtherWorlds
from survey_app.audit.report import Leak, Report, difference
from survey_app.audit.small_groups import evaluated_surveys, small_groups_of
from survey_app.audit.temporary_copy import TemporaryCopy, temporary_copy
from survey_app.audit.visitors import Seen, Visitors, is_refused, throw_away_accounts
from survey_app.audit.worlds import World
from survey_app.settings import Settings
from survey_app.survey.tables import Survey

MakeApp = Callable[[Settings], Flask]


def disclosure_audit(
    settings: Settings,
    make_app: MakeApp,
    *,
    ballots: Engine | None = None,
    survey_id: int | None = None,
    among: Callable[[Address], bool] = lambda _: True,
) -> Report:
    """Return what can be told of hidden groups; the real databases are only read.

    Every survey whose plan is evaluated is audited, or the one that is named; looked at
    is every address, or those `among` which somebody wants to know.
    """
    with temporary_copy(settings, ballots) as copy:
        plans = _read(copy, survey_id)
        with _running(make_app(copy.settings)) as app:
            pages = _looked_at(app, copy, plans, among)
    return Report(
        surveys=plans.surveys,
        routes=pages.addresses.routes,
        addresses=len(pages.addresses.found),
        roles=len(ROLES) + 1,
        groups=plans.groups,
        worlds=len(plans.worlds),
        numbers=plans.numbers,
        not_audited=(*pages.addresses.not_built, *pages.broken),
        leaks=(*plans.leaks, *pages.leaks),
    )


@dataclass(frozen=True, slots=True)
class _Plans:
    """What the stored plans say by themselves, and the worlds to be tried."""

    surveys: int
    groups: int
    numbers: int
    leaks: tuple[Leak, ...]
    others: OtherWorlds
    worlds: tuple[World, ...]
    changed: frozenset[str]
    """The tables in which the worlds differ."""


@dataclass(frozen=True, slots=True)
class _Pages:
    """What came of loading everything."""

    addresses: Addresses
    broken: tuple[str, ...]
    leaks: tuple[Leak, ...]


def _read(copy: TemporaryCopy, survey_id: int | None) -> _Plans:
    """Return the plans of every survey, or of one, and what they give away."""
    with copy.writing() as session:
        ids = [survey_id] if survey_id else session.scalars(select(Survey.id))
        surveys = evaluated_surveys(session, ids)
        groups = [g for survey in surveys for g in small_groups_of(session, survey)]
        numbers, leaks = given_away(session, surveys)
        others = OtherWorlds(copy, surveys, groups)
        worlds = tuple(others.all(session))
        return _Plans(
            surveys=len(surveys),
            groups=len(groups),
            numbers=numbers,
            leaks=(*leaks, *others.plan_leaks),
            others=others,
            worlds=worlds,
            changed=others.changed(),
        )


def _looked_at(
    app: Flask,
    copy: TemporaryCopy,
    plans: _Plans,
    among: Callable[[Address], bool],
) -> _Pages:
    """Return what everybody can load, and what differs in other worlds."""
    plans.others.keep_what_is_shown()
    with copy.writing() as session:
        accounts = throw_away_accounts(session)
    with Session(copy.engine) as session:
        addresses = addresses_of(app, session)
    found = tuple(filter(among, addresses.found))
    addresses = replace(addresses, found=found)
    visitors = Visitors(app, accounts)
    truth = visitors.see(addresses.found)
    behind = {
        place: told
        for place, told in truth.items()
        if not is_refused(told) and visitors.asked(place, plans.changed)
    }
    return _Pages(
        addresses,
        broken=tuple(
            sorted({a.endpoint for (_, a), t in truth.items() if t[0] == "5"})
        ),
        leaks=tuple(
            leak
            for world in plans.worlds
            for leak in _told_apart(visitors, behind, plans.others, world)
        ),
    )


@contextmanager
def _running(app: Flask) -> Iterator[Flask]:
    """Give an application that was made for the audit and close its connections."""
    try:
        yield app
    finally:
        for name in ("survey_engine", "survey_ballots"):
            engine: Engine | None = app.extensions.get(name)
            if engine is not None:
                engine.dispose()


def _told_apart(
    visitors: Visitors, truth: Seen, worlds: OtherWorlds, world: World
) -> Iterator[Leak]:
    """Yield every page that is another one in another world, with the group it is of.

    What the groups only show together is told of all of them.
    """
    with worlds.inside(world):
        whole = _differences(truth, visitors.see_again(truth))
    named: Seen = {}
    for part in world.parts if whole else ():
        with worlds.inside(part):
            seen = _differences(truth, visitors.see_again(whole))
        yield from _leaks(truth, seen, worlds.named(part))
        named |= seen
    rest = {place: told for place, told in whole.items() if place not in named}
    yield from _leaks(truth, rest, worlds.named(world))


def _differences(truth: Seen, seen: Seen) -> Seen:
    return {place: told for place, told in seen.items() if told != truth[place]}


def _leaks(truth: Seen, seen: Seen, who: str) -> Iterator[Leak]:
    for (role, address), told in seen.items():
        here, there = difference(truth[role, address], told)
        yield Leak(address.endpoint, role, address.path, who, here, there)
