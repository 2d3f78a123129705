"""Through which kinds of channels a survey's rater groups came in."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.counting.tally import Turnout
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.survey.flags import undecided
from survey_app.survey.tables import Channel

Lead = tuple[str, int | None]
"""A rater group, and whom a channel names; None: the respondent chooses."""


@dataclass(frozen=True, slots=True)
class WaysIn:
    """The kinds of a survey's channels, and how many slips were given out."""

    kinds: Mapping[Lead, frozenset[ChannelKind]] = field(default_factory=dict)
    codes_out: Mapping[Lead, int] = field(default_factory=dict)
    doubtful: frozenset[Lead] = frozenset()
    """Where a channel is flagged and nobody has set it aside."""

    def kinds_of(self, group: str, subject_id: int) -> frozenset[ChannelKind]:
        """Return the kinds through which a group answers about a subject."""
        several = [self.kinds.get(lead, ()) for lead in _leads(group, subject_id)]
        return frozenset(kind for kinds in several for kind in kinds)

    def is_open(self, group: str, subject_id: int) -> bool:
        """Return whether somebody may have answered whom nobody let in, or twice.

        So it is taken to be where something unusual waits for somebody's decision.
        """
        kinds = self.kinds_of(group, subject_id)
        doubtful = not self.doubtful.isdisjoint(_leads(group, subject_id))
        return doubtful or not kinds or not all(one.is_controlled for one in kinds)

    def turnout(self, group: str, subject_id: int) -> Turnout | None:
        """Return what slips tell of a group's turnout; None where not all had one.

        Nobody can be rated by more people than slips were given out, so their number
        stands for the membership: whoever got none, or lost his, counts as absent.
        """
        kinds = self.kinds_of(group, subject_id)
        if not kinds or not all(kind.is_single_use for kind in kinds):
            return None
        leads = _leads(group, subject_id)
        given = sum(self.codes_out.get(lead, 0) for lead in leads)
        return Turnout(issued=given, membership=given)


def _leads(group: str, subject_id: int) -> tuple[Lead, Lead]:
    return (group, subject_id), (group, None)


def ways_in(session: Session, survey_id: int) -> WaysIn:
    """Return the ways into a survey, in four statements at most."""
    led = Channel.rater_group, Channel.subject_id
    every = (
        select(*led, Channel.kind, func.sum(Channel.codes_out))
        .where(Channel.survey_id == survey_id)
        .group_by(*led, Channel.kind)
    )
    kinds: defaultdict[Lead, set[ChannelKind]] = defaultdict(set)
    codes: defaultdict[Lead, int] = defaultdict(int)
    for group, subject, kind, given in session.execute(every):
        kinds[group, subject].add(ChannelKind(kind))
        codes[group, subject] += int(given)
    flagged = undecided(session, survey_id)
    doubtful = select(*led).where(Channel.id.in_(flagged)) if flagged else None
    leads = session.execute(doubtful) if doubtful is not None else ()
    return WaysIn(
        {lead: frozenset(some) for lead, some in kinds.items()},
        codes,
        frozenset((group, subject) for group, subject in leads),
    )
