"""The publication plan after its one evaluation: what became of every cell.

Decided once from the counts and stored; every page, chart, workbook and command reads
it here, so that none can show what another withholds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self

from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.ground.frozen_text import EVALUATED_PLAN, PLAN_HEAD, FrozenText
from survey_app.domain.ground.plain import ALWAYS, Misshapen, Plain, plain_of, value_of
from survey_app.domain.scheme.floors import Floors
from survey_app.domain.scheme.scheme import Post


@dataclass(frozen=True, slots=True)
class PlanHead(FrozenText):
    """What may be shown of a survey as a whole; what of each subject stands apart."""

    KIND: ClassVar = PLAN_HEAD

    frozen: str
    """Fingerprint of the plan that was frozen at opening."""
    floors: Floors
    subjects: int
    """How many there are."""
    groups: Mapping[str, int | None]
    """Rater group → its answers where every part of it is shown; see `of_group`."""
    total: int | None = field(default=None, metadata=ALWAYS)
    """All answers about all subjects, where that betrays no few people."""
    root: str = ""
    """Over what is kept of every subject; no subject can be put in or taken out."""

    def of_group(self, rater_group: str) -> int | None:
        """Return the answers of one rater group where every part of it is shown.

        Only then does the sum say nothing that its parts do not say already. None too
        where some subjects' answers of the group were counted in another one.
        """
        return self.groups.get(rater_group, 0)


@dataclass(frozen=True, slots=True)
class EvaluatedPlan(FrozenText):
    """What may be shown of one survey, and of its subjects or some of them.

    Its text is the one in which it was kept before every subject had its own.
    """

    KIND: ClassVar = EVALUATED_PLAN

    frozen: str
    """Fingerprint of the plan that was frozen at opening."""
    floors: Floors
    subjects: Mapping[int, SubjectPlan]
    total: int | None = field(default=None, metadata=ALWAYS)
    """All answers about all subjects, where that betrays no few people."""

    def of_subject(self, subject_id: int) -> SubjectPlan:
        """Return what may be shown about a subject; nothing about a stranger."""
        return self.subjects.get(subject_id) or SubjectPlan(self.floors, {})

    def head(self, root: str = "") -> PlanHead:
        """Return the plan without its subjects, all of which must be there."""
        plans = self.subjects.values()
        mixed = {
            group
            for plan in plans
            for pair in plan.counted_in.items()
            for group in pair
        }
        cells: dict[str, list[int | None]] = {group: [None] for group in mixed}
        for plan in plans:
            for group, n in plan.sizes.items():
                cells.setdefault(group, []).append(n)
        return PlanHead(
            frozen=self.frozen,
            floors=self.floors,
            subjects=len(plans),
            groups={group: _added(numbers) for group, numbers in cells.items()},
            total=self.total,
            root=root,
        )

    def _plain(self) -> Plain:
        """Return the plan with its floors once, and lists whose order says nothing."""
        content: Plain = plain_of(self)
        for about in content["subjects"].values():
            del about["floors"]
            about |= {
                "blocking": sorted(about["blocking"]),
                "posts": sorted(about["posts"]),
            }
        return content

    @classmethod
    def _of_plain(cls, plain: Plain) -> Self:
        floors = {"floors": plain.get("floors")}
        subjects = plain.get("subjects")
        if not isinstance(subjects, dict):
            raise Misshapen("is no object", "subjects")
        told = {key: floors | about for key, about in subjects.items()}
        return value_of(cls, plain | {"subjects": told})


def joined(plans: Sequence[SubjectPlan]) -> SubjectPlan:
    """Return what may be shown where several surveys about a subject are added up.

    A group is shown only if every survey shows it or nobody of it answered there, for
    else the sum would betray the part. What became a band in one of them leaves
    nothing but the score: two sums of its parts might be solved for them.
    """
    if len(plans) == 1:
        return plans[0]
    merged = _merges(plans)
    parts: dict[str, list[int | None]] = {}
    for plan in plans:
        for group, n in plan.sizes.items():
            parts.setdefault(merged.get(group, group), []).append(n)
    sizes = {group: _added(numbers) for group, numbers in parts.items()}
    return SubjectPlan(
        floors=max((plan.floors for plan in plans), key=lambda floors: floors.office),
        sizes=sizes,
        together=_added([plan.together for plan in plans]),
        # Alone too few for the score, together perhaps enough.
        blocking=tuple(group for group, n in sizes.items() if n is None),
        posts=tuple(p for p in Post if all(p in plan.posts for plan in plans)),
        merged=merged,
        comments=all(plan.comments for plan in plans),
        bare=any(plan.gives_way for plan in plans),
        scoreless=any(plan.scoreless for plan in plans),
    )


def _merges(plans: Sequence[SubjectPlan]) -> dict[str, str]:
    """Return group → the group it is counted in, where any of the plans merges it."""
    merged: dict[str, str] = {}

    def counted_in(group: str) -> str:
        return counted_in(merged[group]) if group in merged else group

    for plan in plans:
        for old, new in plan.counted_in.items():
            source, target = counted_in(old), counted_in(new)
            if source != target:
                merged[source] = target
    return {group: counted_in(group) for group in merged}


def _added(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
