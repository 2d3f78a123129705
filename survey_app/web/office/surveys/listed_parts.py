"""A survey's subjects and channels on its pages: one page of each at a time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request

from survey_app.analytics.listed_channels import (
    ChannelChoice,
    ListedChannel,
    channels_by_group,
    channels_page,
)
from survey_app.analytics.listed_subjects import subjects_page
from survey_app.analytics.paging import ListPage
from survey_app.analytics.turnouts import turnout_of_channels
from survey_app.appraisal.rated import Rated
from survey_app.database import session
from survey_app.survey.tables import Survey
from survey_app.web.office.listing import Listing, listing

OF_PEOPLE, OF_CODES = "s-", "c-"
"""What stands before the names of each list in the address."""
GROUP = f"{OF_CODES}group"
FIELDS = ("q", "unit", "page", "sort", "down")
BESIDE = (*(f"{OF_CODES}{name}" for name in FIELDS), GROUP)
"""What the address says of the channels, which the list of subjects carries on."""
SORTED = ("name", "unit")
"""Orders of whom a survey is about."""
FEW = 12
"""A list of no more is drawn open."""


@dataclass(frozen=True, slots=True)
class PeopleList:
    """Whom a survey is about."""

    listing: Listing
    page: ListPage[Rated]

    @property
    def is_open(self) -> bool:
        """Whether the list is drawn open: it is short, or somebody is in it."""
        return self.page.every <= FEW or _is_in(self.listing)


@dataclass(frozen=True, slots=True)
class CodesList:
    """The channels of a survey."""

    listing: Listing
    page: ListPage[ListedChannel]
    by_group: Mapping[str, int]
    """Rater group → how many channels lead to it."""
    group: str
    """The rater group whose channels are listed; empty: all."""
    answers: Counter[int] = field(default_factory=Counter)
    """Channel → answers, of those on the page."""

    @property
    def every(self) -> int:
        """How many there are, whatever their group."""
        return sum(self.by_group.values())

    @property
    def is_open(self) -> bool:
        """Whether the list is drawn open."""
        return self.every <= FEW or bool(self.group) or _is_in(self.listing)


def _is_in(listing: Listing) -> bool:
    return listing.is_narrowed or listing.asked.page > 1 or bool(listing.asked.sort)


def people_of(survey: Survey) -> PeopleList:
    """Return the page of subjects that the address asks for."""
    own = listing(*SORTED, prefix=OF_PEOPLE, anchor="subjects", keep=BESIDE)
    return PeopleList(own, subjects_page(session(), survey.id, own.asked))


def codes_of(survey: Survey, *, counted: bool) -> CodesList:
    """Return the page of channels that the address asks for, `counted` with answers."""
    others = tuple(f"{OF_PEOPLE}{name}" for name in FIELDS)
    own = listing(prefix=OF_CODES, anchor="channels", keep=(*others, GROUP))
    by_group = channels_by_group(session(), survey.id)
    told = request.args.get(GROUP, "")
    group = told if told in by_group else ""
    choice = ChannelChoice(own.asked, group, unproven=counted)
    page = channels_page(session(), survey.id, choice)
    here = [channel.id for channel in page.rows]
    answers = turnout_of_channels(session(), survey, here) if counted else Counter()
    return CodesList(own, page, by_group, group, answers)
