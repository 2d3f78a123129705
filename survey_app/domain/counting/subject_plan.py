"""What may be told of the counts about one subject, as its publication plan decided.

Which groups are shown, which numbers became bands and which gave way to them was
decided once, when the plan was evaluated; whoever counts or shows only asks here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from survey_app.domain.counting.tally import Tally, people
from survey_app.domain.ground.frozen_text import SETTLED_SUBJECT, FrozenText
from survey_app.domain.ground.plain import ALWAYS, Plain, plain_of
from survey_app.domain.scheme.floors import Floors
from survey_app.domain.scheme.scheme import POOLED, Post

Place = tuple[str, str]
"""A rater group, POOLED or `pooled_by(rule)`; and a question, or WHOLE."""
WHOLE = ""
"""Stands for all questions: a rater group's score."""


def pooled_by(rule: str) -> str:
    """Return what stands for the rater groups an alert rule judges together."""
    return f"{POOLED}:{rule}"


@dataclass(frozen=True, slots=True)
class Band:
    """What is told where nearly everybody objected: "more than m of n"."""

    more_than: int
    of: int


@dataclass(frozen=True, slots=True)
class SubjectPlan(FrozenText):
    """What may be shown about one subject."""

    KIND: ClassVar = SETTLED_SUBJECT

    floors: Floors
    sizes: Mapping[str, int | None]
    """Rater group → how many answered; None: too few to be shown, even as a number."""
    together: int | None = field(default=None, metadata=ALWAYS)
    """How many answered in all, where what all said together may be shown."""
    blocking: tuple[str, ...] = field(default=(), metadata=ALWAYS)
    """Groups not shown with answers enough for the score, which is then withheld."""
    posts: tuple[Post, ...] = field(default=(Post.PRINCIPAL,), metadata=ALWAYS)
    """By whose weights a score may be shown; the plan was made for these."""
    merged: Mapping[str, str] = field(default_factory=dict, metadata=ALWAYS)
    """Rater group → the group it was counted in."""
    joined: Mapping[str, str] = field(default_factory=dict)
    """The same of groups that were too small once all had answered; see `SmallGroups`.
    """
    banded: frozenset[Place] = field(default=frozenset(), metadata=ALWAYS)
    """Where nearly everybody objected: "more than n - s of n" instead of numbers."""
    concealed: frozenset[Place] = field(default=frozenset(), metadata=ALWAYS)
    """Numbers that give way because a band could be worked out from them."""
    comments: bool = field(default=False, metadata=ALWAYS)
    """Whether there are enough texts, among enough answers, to hide among."""
    bare: bool = False
    """Whether nothing but the score is told, none of its parts."""
    scoreless: bool = False
    """Whether the score itself would tell few people's answers, or numbers."""

    def _plain(self) -> Plain:
        """Return the plan with lists whose order says nothing sorted."""
        content: Plain = plain_of(self)
        for name in ("blocking", "posts"):
            content[name] = sorted(content[name])
        return content

    @property
    def shown(self) -> frozenset[str]:
        """Keys of the rater groups, and POOLED where all together may be shown."""
        groups = {group for group, n in self.sizes.items() if n}
        return frozenset(groups | ({POOLED} if self.together is not None else set()))

    @property
    def small(self) -> tuple[str, ...]:
        """The groups somebody answered in, about which nothing is shown."""
        return tuple(group for group, n in self.sizes.items() if n is None)

    def told(self, tally: Tally) -> Tally:
        """Return the tally without the groups that stay hidden: what scores rest on."""
        return {
            group: asked
            for group, asked in tally.items()
            if group in self.shown or not any(map(people, asked.values()))
        }

    @property
    def counted_in(self) -> Mapping[str, str]:
        """Rater group → the group its answers count in, however that was decided."""
        if not self.joined:
            return self.merged
        before = {g: self.joined.get(into, into) for g, into in self.merged.items()}
        return {**before, **self.joined}

    def foresees(self, post: Post) -> bool:
        """Return whether a score by this post's weights may stand beside the rest.

        Always where nothing is hidden; else one that the plan did not reckon with
        would be one equation more about what it hides.
        """
        return post in self.posts or not self.hides

    @property
    def hides(self) -> bool:
        """Whether anything that was counted is withheld."""
        return bool(self.bare or self.gives_way or self.small or self.scoreless)

    @property
    def gives_way(self) -> bool:
        """Whether any number became a band, or gave way to one or to few people."""
        return bool(self.banded or self.concealed)

    def tells(self, group: str, question: str = WHOLE) -> bool:
        """Return whether the numbers at this place, of shown people, are shown."""
        place = group, question
        return not self.bare and place not in self.banded | self.concealed

    def keeps_back(self, question: str) -> bool:
        """Return whether anything about a question is withheld from anybody."""
        return self.bare or any(
            place[1] == question for place in self.banded | self.concealed
        )

    def band(self, group: str, question: str, n: int) -> Band | None:
        """Return what is told of n people instead of their numbers, or None."""
        if self.bare or (group, question) not in self.banded:
            return None
        return Band(n - self.floors.shroud, n)
