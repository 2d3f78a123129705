"""The publication plan after its one evaluation: what became of every cell.

Decided once from the counts and stored; every page, chart, workbook and command reads
it here, so that none can show what another withholds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.scheme.floors import Floors
from survey_app.domain.scheme.scheme import Post

FORMAT = 2


@dataclass(frozen=True, slots=True)
class EvaluatedPlan:
    """What may be shown of one survey."""

    frozen: str
    """Fingerprint of the plan that was frozen at opening."""
    floors: Floors
    subjects: Mapping[int, SubjectPlan]
    total: int | None = None
    """All answers about all subjects, where that betrays no few people."""

    def of_subject(self, subject_id: int) -> SubjectPlan:
        """Return what may be shown about a subject; nothing about a stranger."""
        return self.subjects.get(subject_id) or SubjectPlan(self.floors, {})

    def of_group(self, rater_group: str) -> int | None:
        """Return the answers of one rater group where every part of it is shown.

        Only then does the sum say nothing that its parts do not say already. None too
        where some subjects' answers of the group were counted in another one.
        """
        plans = self.subjects.values()
        cells = [plan.sizes.get(rater_group, 0) for plan in plans]
        mixed = any(
            rater_group in {*plan.counted_in.keys(), *plan.counted_in.values()}
            for plan in plans
        )
        known = [cell for cell in cells if cell is not None]
        return None if mixed or len(known) < len(cells) else sum(known)

    def to_json(self) -> str:
        """Return the canonical text: equal decisions, equal text."""
        content = {
            "format": FORMAT,
            "frozen": self.frozen,
            "floors": asdict(self.floors),
            "total": self.total,
            "subjects": {str(key): _plain(plan) for key, plan in self.subjects.items()},
        }
        return json.dumps(content, sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the plan; ValueError if another format wrote it."""
        kept = json.loads(text)
        if kept["format"] != FORMAT:
            raise ValueError("this plan was evaluated in a format not known here")
        floors = Floors(**kept["floors"])
        subjects = {
            int(key): _revived(plan, floors) for key, plan in kept["subjects"].items()
        }
        return cls(kept["frozen"], floors, subjects, kept["total"])


def _plain(plan: SubjectPlan) -> dict[str, Any]:
    """Return a subject's plan as JSON knows it."""
    return {
        "sizes": dict(plan.sizes),
        "together": plan.together,
        "blocking": sorted(plan.blocking),
        "posts": sorted(plan.posts),
        "merged": dict(plan.merged),
        "banded": sorted(plan.banded),
        "concealed": sorted(plan.concealed),
        "comments": plan.comments,
    } | ({"joined": dict(plan.joined)} if plan.joined else {})


def _revived(kept: Mapping[str, Any], floors: Floors) -> SubjectPlan:
    """Return the subject's plan that JSON holds."""
    return SubjectPlan(
        floors=floors,
        sizes=kept["sizes"],
        together=kept["together"],
        blocking=tuple(kept["blocking"]),
        posts=tuple(Post(post) for post in kept["posts"]),
        merged=kept["merged"],
        joined=kept.get("joined", {}),
        banded=frozenset((group, asked) for group, asked in kept["banded"]),
        concealed=frozenset((group, asked) for group, asked in kept["concealed"]),
        comments=kept["comments"],
    )


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
        bare=any(plan.has_bands for plan in plans),
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
