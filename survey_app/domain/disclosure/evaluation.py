"""The one evaluation of a publication plan, from the counts alone.

Every question is judged by itself; a group is shown when every question allows it.
Hiding more never betrays anything, so the rule holds for each question still.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from heapq import heapify, heappop, heappush

from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Tally, merged_tally, people
from survey_app.domain.disclosure.bands import bands_of
from survey_app.domain.disclosure.counted_cells import Shown
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.scheme.floors import SmallGroups
from survey_app.domain.scheme.scheme import POOLED, Grouping, Post, Scheme, SurveyRules


@dataclass(frozen=True, slots=True)
class Group:
    """People counted together: a leaf with its number, or a whole made of parts."""

    key: str
    own: int = 0
    """People who belong to no part; all of them, in a leaf."""
    parts: tuple["Group", ...] = ()

    @property
    def n(self) -> int:
        """Return how many people there are, in the parts and outside them."""
        return self.own + sum(part.n for part in self.parts)

    def everyone(self) -> Iterator["Group"]:
        """Yield this group and every group inside it, wholes before their parts."""
        yield self
        for part in self.parts:
            yield from part.everyone()


def publishable(whole: Group, floor: int) -> frozenset[str]:
    """Return the keys of the groups whose numbers may be shown; no two share a key.

    Where the two cannot both be shown, the whole yields to its parts: scores and
    alerts are made of the parts, and a part hidden here would still stand there. Of
    several offenders the smallest goes first. Every group is looked at once, and its
    whole once more when it goes: a city is no more work than its units are.
    """
    groups, above = _laid_out(whole)
    n = [group.own for group in groups]
    for place in range(len(groups) - 1, 0, -1):
        n[above[place]] += n[place]
    is_shown = [people >= floor for people in n]
    rest = _residuals(groups, above, is_shown)
    offenders = [
        (n[place], place) for place, left in enumerate(rest) if 0 < left < floor
    ]
    heapify(offenders)
    while offenders:
        _, gone = heappop(offenders)
        if is_shown[gone] and 0 < rest[gone] < floor:
            is_shown[gone] = False
            holder = _holder(gone, above, is_shown)
            if holder >= 0:
                rest[holder] += rest[gone]
                heappush(offenders, (n[holder], holder))
    return frozenset(
        group.key for group, shown in zip(groups, is_shown, strict=True) if shown
    )


def _laid_out(whole: Group) -> tuple[list[Group], list[int]]:
    """Return all groups, wholes before their parts, and where the whole of each is."""
    groups, above, waiting = list[Group](), list[int](), [(whole, -1)]
    while waiting:
        group, holder = waiting.pop()
        waiting += [(part, len(groups)) for part in reversed(group.parts)]
        groups.append(group)
        above.append(holder)
    return groups, above


def _residuals(
    groups: list[Group], above: list[int], is_shown: list[bool]
) -> list[int]:
    """Return the people of each group who are in none of its largest shown parts."""
    rest = [group.own for group in groups]
    for place in range(len(groups) - 1, 0, -1):
        if not is_shown[place]:
            rest[above[place]] += rest[place]
    return rest


def _holder(place: int, above: list[int], is_shown: list[bool]) -> int:
    """Return the smallest shown group around this one; -1 where there is none."""
    holder = above[place]
    while holder >= 0 and not is_shown[holder]:
        holder = above[holder]
    return holder


def residual(group: Group, shown: set[str] | frozenset[str]) -> int:
    """Return the people of a group who are in none of its largest shown parts."""
    return group.own + sum(
        0 if part.key in shown else residual(part, shown) for part in group.parts
    )


def flat(sizes: dict[str, int], key: str) -> Group:
    """Return the whole with this key whose parts have these sizes."""
    return Group(key, parts=tuple(Group(name, n) for name, n in sizes.items()))


WHOLE_SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted about one subject, and the rules it was counted under."""

    subject: int
    tally: Tally
    scheme: Scheme
    """With the groups merged that were counted together about this subject."""
    merged: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, str] = field(default_factory=dict)
    """Those of them that were joined because they were too small in the end."""
    texts: int = 0
    """How many people wrote something."""
    posts: tuple[Post, ...] = (Post.PRINCIPAL,)
    """By the weights of which posts a score is made of this tally and shown."""


def evaluated(frozen: FrozenPlan, counted: Iterable[Counted]) -> EvaluatedPlan:
    """Return what became of every cell of the plan."""
    every = tuple(_together(frozen, one) for one in counted)
    plans = {one.subject: _subject_plan(frozen, one) for one in every}
    whole = Group(WHOLE_SURVEY, parts=tuple(_people(one) for one in every))
    total = WHOLE_SURVEY in publishable(whole, frozen.floors.office)
    return EvaluatedPlan(
        frozen=frozen.fingerprint,
        floors=frozen.floors,
        subjects=plans,
        total=whole.n if total else None,
    )


def _together(frozen: FrozenPlan, counted: Counted) -> Counted:
    """Return the counts with small groups as one, where the scheme asks for it.

    How many answered decides, and never what they said. Too few of them even together
    stay what they are, and what rests on them is withheld.
    """
    rules = counted.scheme.component(frozen.component).survey
    asks = counted.scheme.disclosure.small_groups.value is SmallGroups.TOGETHER
    if rules is None or not asks or rules.grouping.value is Grouping.POOLED:
        return counted
    floor, tally = frozen.floors.office, counted.tally
    sizes = {group.key: answers(tally, group.key) for group in rules.asked}
    small = [group for group, n in sizes.items() if 0 < n < floor]
    if len(small) < 2 or sum(sizes[group] for group in small) < floor:
        return counted
    into, *others = small
    joined = dict.fromkeys(others, into)
    return replace(
        counted,
        tally=merged_tally(tally, joined),
        scheme=with_merged_groups(counted.scheme, frozen.component, joined),
        joined=joined,
    )


def _subject_plan(frozen: FrozenPlan, counted: Counted) -> SubjectPlan:
    """Return what may be shown about one subject."""
    rules = counted.scheme.component(frozen.component).survey
    if rules is None:
        raise ValueError("the component takes no survey")
    floors, tally = frozen.floors, counted.tally
    groups = dict.fromkeys((*(group.key for group in rules.asked), *tally))
    n = {group: answers(tally, group) for group in groups}
    shown = shown_groups(groups, tally, floors.office)
    small = {group for group in groups if n[group] and group not in shown}
    hides = {
        post: {group for group in small if _may_count(rules, group, n[group], post)}
        for post in counted.posts
    }
    told = Shown(
        groups=tuple(group for group in groups if group in shown),
        small=tuple(group for group in groups if group in small),
        together=POOLED in shown,
        posts=tuple(post for post, blocking in hides.items() if not blocking),
    )
    withheld = bands_of(frozen, counted.scheme, tally, told)
    everybody = sum(n.values())
    return SubjectPlan(
        floors=floors,
        sizes={group: None if group in small else n[group] for group in groups},
        together=everybody if POOLED in shown else None,
        blocking=tuple(sorted(set[str]().union(*hides.values()))),
        posts=counted.posts,
        merged=counted.merged,
        joined=counted.joined,
        banded=withheld.banded,
        concealed=withheld.concealed,
        scoreless=withheld.score,
        comments=min(counted.texts, everybody) >= floors.comments,
    )


def shown_groups(groups: Iterable[str], tally: Tally, floor: int) -> frozenset[str]:
    """Return the groups that may be shown, and POOLED where all together may be."""
    questions = dict.fromkeys(key for group in tally.values() for key in group)
    judged = [
        publishable(flat({g: _asked(tally, g, q) for g in groups}, POOLED), floor)
        for q in questions
    ]
    return frozenset.intersection(*judged) if judged else frozenset()


def answers(tally: Tally, group: str) -> int:
    """Return the most answers this group gave to any question."""
    return max((_asked(tally, group, q) for q in tally.get(group, {})), default=0)


def _asked(tally: Tally, group: str, question: str) -> int:
    return people(tally.get(group, {}).get(question, {}))


def _may_count(rules: SurveyRules, key: str, n: int, post: Post) -> bool:
    """Return whether the score by this post's weights rests on a group of so many.

    It does not where they are too few for the scheme, or weigh nothing.
    """
    if rules.grouping.value is Grouping.POOLED:
        return True
    group = {group.key: group for group in rules.rater_groups}.get(key)
    if group is None or not group.weight.of(post).value:
        return False
    return n >= rules.minimum_for(group).value


def _people(counted: Counted) -> Group:
    """Return the subject's answers by rater group, for the tree of the turnout."""
    about = str(counted.subject)
    return flat(
        {f"{about} {g}": answers(counted.tally, g) for g in counted.tally}, about
    )
