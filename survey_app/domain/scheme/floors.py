"""From how many people on something is shown, and to whom; frozen at opening."""

from dataclasses import dataclass
from enum import StrEnum

from survey_app.domain.ground.stated import Stated, assumed

PUBLIC_FLOOR = 20
"""Ballots; of a smaller group not even a rated person sees exact counts."""
SHROUD = 2
"""Ballots; what all but fewer than these have chosen, everybody has chosen."""


class Papers(StrEnum):
    """Who may read how many of whom said what about a named person, for a recount."""

    KEYED = "keyed"
    """Who holds the key on the signed minute; hashes are for everybody."""
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors of one survey, as plain numbers."""

    office: int
    """A rater group that the organization department is shown."""
    rated: int
    """A rater group that the rated person is shown."""
    public: int
    """What citizens, tables across groups and trends are shown."""
    comments: int
    """Texts, and people who answered, before any comment is shown."""
    shroud: int
    """Where more than all but so many agree, the number gives way to a band."""


HARD = Floors(office=5, rated=5, public=10, comments=10, shroud=1)
"""No file and no setting goes below these."""


class SmallGroups(StrEnum):
    """What becomes of rater groups too small to be shown, once all have answered."""

    WITHHOLD = "withhold"
    """A score that rests on one is withheld."""
    TOGETHER = "together"
    """They count as one group, with the weights of all, if that one is large enough:
    none is shown by itself, and the score tells only what all of them said."""


_WITHHOLD = assumed(SmallGroups.WITHHOLD)
_FIVE, _EIGHT, _TEN, _TWO = assumed(5), assumed(8), assumed(10), assumed(2)
_KEYED = assumed(Papers.KEYED)


@dataclass(frozen=True, slots=True)
class DisclosureRules:
    """The floors of a scheme; what it does not state is the house's default."""

    secret_office: Stated[int] = _FIVE
    secret_rated: Stated[int] = _EIGHT
    open: Stated[int] = _TEN
    comments: Stated[int] = _TEN
    shroud: Stated[int] = _TWO
    papers: Stated[Papers] = _KEYED
    small_groups: Stated[SmallGroups] = _WITHHOLD

    def floors(self, *, is_secret: bool) -> Floors:
        """Return the floors of a survey of this mode.

        A code that anybody may scan is read by everybody: its survey has one floor.
        """
        return Floors(
            office=self.secret_office.value if is_secret else self.open.value,
            rated=self.secret_rated.value if is_secret else self.open.value,
            public=max(HARD.public, self.open.value),
            comments=self.comments.value,
            shroud=self.shroud.value,
        )


DEFAULTS = DisclosureRules()
