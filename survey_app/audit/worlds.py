"""Other worlds: everything as it is, but for what hidden groups said.

Nobody may be able to tell such a world from the true one. In some of them a person
more or fewer is in a hidden group; those count only where the plan stays the same,
because a plan may depend on how many there are, and never on what they said.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy.orm import Session

from survey_app.audit.one_person import AskedOf, one_of, with_one, without_one
from survey_app.audit.small_groups import (
    Said,
    SmallGroup,
    evaluated_again,
    let_say,
    people_in,
    said_by,
)
from survey_app.domain.questionnaire.questionnaire import WITHOUT_POINTS

Script = dict[SmallGroup, Said]
"""What every hidden group says in a world."""
Orders = Mapping[tuple[int, str], AskedOf]
"""(survey, question) → what can be said to it."""


def _rated(order: Sequence[str]) -> Sequence[str]:
    return [choice for choice in order if choice not in WITHOUT_POINTS]


UNANIMOUS: dict[str, Callable[[Sequence[str]], str]] = {
    "all worst": lambda order: _rated(order)[0],
    "all best": lambda order: _rated(order)[-1],
    "all don't know": lambda order: order[-1],
}
"""What everybody of a hidden group might say; a questionnaire without "don't know"
takes its last choice."""


@dataclass(frozen=True, slots=True)
class World:
    """One world that looks, or should look, like the true one."""

    name: str
    script: Script

    @property
    def parts(self) -> tuple["World", ...]:
        """The worlds in which only one of the groups says something else.

        Groups that swap people or answers do so together.
        """
        if self.name not in UNANIMOUS:
            return (self,)
        return tuple(World(self.name, {g: said}) for g, said in self.script.items())


def said_otherwise(truth: Script, orders: Orders) -> Iterator[World]:
    """Yield the worlds in which as many people as ever say something else."""
    free = {group: said for group, said in truth.items() if not group.has_whole}
    bound = {group: said for group, said in truth.items() if group.has_whole}
    for name, choice in UNANIMOUS.items():
        yield World(name, _unanimous(free, choice, orders))
    yield World("exchanged", _exchanged(bound, orders, backwards=False))
    yield World("exchanged the other way", _exchanged(bound, orders, backwards=True))


def others_came(truth: Script) -> Iterator[tuple[str, list[Script]]]:
    """Yield a world's name and its small changes: a person fewer, more, elsewhere.

    Each change counts only where the plan stays as it is, and only where it is not told
    openly how many they are.
    """
    secret = {g: said for g, said in truth.items() if not g.is_counted_openly}
    free = {group: said for group, said in secret.items() if not group.has_whole}
    yield "one fewer", [{group: _fewer(said)} for group, said in free.items()]
    yield "one more", [{group: _more(said)} for group, said in free.items()]
    yield "one moved", list(_moves(secret))


def enter(session: Session, script: Script) -> dict[int, str]:
    """Make the copy this world; return survey → the plan its counts give."""
    for group, said in script.items():
        let_say(session, group, said)
    surveys = sorted({group.survey_id for group in script})
    return {survey: evaluated_again(session, survey) for survey in surveys}


def truth_of(session: Session, groups: Iterable[SmallGroup]) -> dict[SmallGroup, Said]:
    """Return what every hidden group really said."""
    return {group: said_by(session, group) for group in groups}


def _unanimous(
    free: Script, choice: Callable[[Sequence[str]], str], orders: Orders
) -> Script:
    """Return the script in which all of each group say the same."""
    return {
        group: {
            question: asked.all_say(choice(asked.order or ("",)), counts)
            for question, counts in said.items()
            for asked in [orders[group.survey_id, question]]
        }
        for group, said in free.items()
    }


def _exchanged(bound: Script, orders: Orders, *, backwards: bool) -> Script:
    """Return the script in which hidden groups swap answers; their sum stays."""
    wholes: defaultdict[tuple[int, int], list[SmallGroup]] = defaultdict(list)
    for group in bound:
        wholes[group.whole].append(group)
    script: Script = {group: {} for group in bound}
    for (survey_id, _), groups in wholes.items():
        for question in dict.fromkeys(q for group in groups for q in bound[group]):
            asked, every = orders[survey_id, question], Counter[str]()
            held = {group: bound[group].get(question, {}) for group in groups}
            if not asked.can_be_exchanged:
                for group, counts in held.items():
                    script[group][question] = dict(counts)
                continue
            for counts in held.values():
                every.update(Counter(counts) - Counter(asked.silent(counts)))
            ranked = asked.sorted_out(list(every.elements()))
            for group in reversed(groups) if backwards else groups:
                quiet = asked.silent(held[group])
                size = sum(held[group].values()) - sum(quiet.values())
                script[group][question] = dict(Counter(ranked[:size])) | quiet
                ranked = ranked[size:]
    return script


def _fewer(said: Said) -> Said:
    """Return what is left when one of them had not come."""
    return {question: without_one(counts) for question, counts in said.items()}


def _more(said: Said) -> Said:
    """Return what they said, and one more with them."""
    return {q: with_one(counts, one_of(counts)) for q, counts in said.items()}


def _moves(truth: Script) -> Iterator[Script]:
    """Yield scripts in which one person belongs to another hidden group.

    Where all together are shown, to one that is shown together with it.
    """
    alike: defaultdict[tuple[int, int], list[SmallGroup]] = defaultdict(list)
    for group in truth:
        alike[group.whole if group.has_whole else (group.survey_id, 0)].append(group)
    for one, other in (pair for groups in alike.values() for pair in pairwise(groups)):
        goes = {q: one_of(counts) for q, counts in truth[one].items() if counts}
        stays = {q: without_one(counts) for q, counts in truth[one].items()}
        comes = {q: with_one(truth[other].get(q, {}), p) for q, p in goes.items()}
        if people_in(stays):
            yield {one: stays, other: comes}
