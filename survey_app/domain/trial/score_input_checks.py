"""What the counts of a trial must agree on: with each other, and with the scheme."""

from collections.abc import Iterable, Iterator, Mapping

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import GroupTally, Turnout, people
from survey_app.domain.ground.file_faults import Fault, nearest
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.questionnaire.ballot_rules import BallotRuleKind
from survey_app.domain.questionnaire.questionnaire import WITHOUT_POINTS, Questionnaire
from survey_app.domain.scheme.components import (
    FROM_OUTSIDE,
    every_component,
    named_places,
)
from survey_app.domain.scheme.scheme import Component, Scheme, SurveyRules
from survey_app.domain.scoring.worked import may_hold


def contradictions(evidence: ScoreInput) -> Iterator[Fault]:
    """Yield where counts and ballots cannot both be true.

    More returned than issued is no such fault: it happens, and makes a survey void.
    """
    for component, groups in evidence.turnout.items():
        for group, turnout in groups.items():
            tally = evidence.tallies.get(component, {}).get(group, {})
            yield from _against_turnout(f"turnout.{component}.{group}", tally, turnout)


def _against_turnout(
    where: str, tally: GroupTally, turnout: Turnout
) -> Iterator[Fault]:
    """Yield what one rater group's numbers contradict."""
    invalid = turnout.invalid or 0
    counted = max((people(counts) for counts in tally.values()), default=0)
    if turnout.returned is not None and counted + invalid > turnout.returned:
        yield Fault(
            f"{where}.returned",
            f"{turnout.returned} returned, but {counted} counted and {invalid} invalid",
            "correct one of these numbers",
        )
    present, members = turnout.present, turnout.membership
    if present is not None and members is not None and present > members:
        yield Fault(
            f"{where}.present",
            f"{present} present of {members} due",
            "correct one of these numbers",
        )


def strangers(
    evidence: ScoreInput,
    scheme: Scheme,
    questionnaires: Mapping[str, Questionnaire],
    kinds: Mapping[str, Questionnaire],
) -> Iterator[Fault]:
    """Yield everything the scheme has no place for.

    `kinds`: questionnaires that say of what kind a question is, where it is known.
    """
    components = {c.key: c for c in every_component(scheme.components)}
    yield from _mergers(evidence, components)
    for section in (evidence.tallies, evidence.turnout):
        name = "tallies" if section is evidence.tallies else "turnout"
        for key, groups in section.items():
            rules = components[key].survey if key in components else None
            if rules is None:
                yield _no_survey(f"{name}.{key}", key, components)
            else:
                merged = evidence.merged.get(key, {})
                yield from _groups(f"{name}.{key}", groups, rules, merged)
    for key, tally in evidence.tallies.items():
        rules = components[key].survey if key in components else None
        if rules is not None:
            asked = _questions(scheme, key, rules, questionnaires)
            for group, questions in tally.items():
                where = f"tallies.{key}.{group}"
                yield from _unknown(where, "question", questions, asked)
                yield from _choices(
                    where, questions, rules, kinds.get(rules.questionnaire)
                )
                yield from _beyond_rules(where, questions, rules)
    yield from _values(evidence, components)
    yield from _signed(evidence, scheme)


def _groups(
    where: str, keys: Iterable[str], rules: SurveyRules, merged: Mapping[str, str]
) -> Iterator[Fault]:
    """Yield each rater group there is none of, or none of any more."""
    for key in keys:
        if key in merged:
            wrong = f'is counted in "{merged[key]}"'
            yield Fault(f"{where}.{key}", wrong, "add its numbers to that group's")
    known = [group.key for group in rules.rater_groups]
    yield from _unknown(where, "rater group", keys, known)


def _mergers(
    evidence: ScoreInput, components: Mapping[str, Component]
) -> Iterator[Fault]:
    """Yield each merger of groups that the scheme does not know, and each chain."""
    for key, merged in evidence.merged.items():
        rules = components[key].survey if key in components else None
        where = f"merged.{key}"
        if rules is None:
            yield _no_groups(where, key, components)
            continue
        known = [group.key for group in rules.rater_groups]
        yield from _unknown(where, "rater group", merged, known)
        for group, into in merged.items():
            yield from _into(f"{where}.{group}", into, merged, known)


def _into(
    where: str, into: str, merged: Mapping[str, str], known: list[str]
) -> Iterator[Fault]:
    """Yield what is wrong with the group that another is counted in."""
    if into not in known:
        yield Fault(where, f'there is no rater group "{into}"', nearest(into, known))
    elif into in merged:
        wrong = f'"{into}" is merged itself'
        yield Fault(where, wrong, "name the group all of them are counted in")


def _no_groups(where: str, key: str, components: Mapping[str, Component]) -> Fault:
    """Return the fault of groups merged in something that is no survey."""
    if key in components:
        return Fault(where, "is not a survey", "only a survey has rater groups")
    surveys = [c.key for c in components.values() if c.survey is not None]
    return Fault(where, f'there is no component "{key}"', nearest(key, surveys))


def _no_survey(where: str, key: str, components: Mapping[str, Component]) -> Fault:
    """Return the fault of counts for something that is no survey."""
    surveys = [c.key for c in components.values() if c.survey is not None]
    if key in components:
        return Fault(where, "is not a survey", f"write it under values.{key}")
    return Fault(where, f'there is no component "{key}"', nearest(key, surveys))


def _unknown(
    where: str, what: str, keys: Iterable[str], known: list[str] | None
) -> Iterator[Fault]:
    """Yield each key that is not known; nothing where we cannot know."""
    for key in keys if known is not None else ():
        if key not in (known or ()):
            yield Fault(
                f"{where}.{key}",
                f'there is no {what} "{key}"',
                nearest(key, known or ()),
            )


def _questions(
    scheme: Scheme,
    component: str,
    rules: SurveyRules,
    questionnaires: Mapping[str, Questionnaire],
) -> list[str] | None:
    """Return the questions there can be, or None where nothing names them."""
    if rules.questionnaire in questionnaires:
        return [q.key for q in questionnaires[rules.questionnaire].questions]
    if not rules.question_weights:
        return None
    watched = [
        q for a in scheme.alerts if a.component == component for q in a.questions
    ]
    return [*(key for key, _ in rules.question_weights), *watched]


def _choices(
    where: str,
    questions: GroupTally,
    rules: SurveyRules,
    questionnaire: Questionnaire | None,
) -> Iterator[Fault]:
    """Yield each choice the scheme gives no points to, or nobody could make."""
    for question, counts in questions.items():
        asked = questionnaire.question(question) if questionnaire else None
        known = [*dict(rules.values_of(question)), *WITHOUT_POINTS]
        if asked and not asked.is_plain:
            known = [*asked.answers, *WITHOUT_POINTS]
        yield from _unknown(f"{where}.{question}", "choice", counts, known)


def _beyond_rules(
    where: str, questions: GroupTally, rules: SurveyRules
) -> Iterator[Fault]:
    """Yield counts that ballots which obey their rules cannot come to.

    A cap on a whole ballot holds for what it says about one subject, too.
    """
    ballots = max((people(counts) for counts in questions.values()), default=0)
    for rule in rules.ballot_rules:
        if rule.kind != BallotRuleKind.AT_MOST or rule.count is None:
            continue
        governed = rule.questions or questions.keys()
        said = [questions.get(question, {}) for question in governed]
        chosen = sum(
            counts.get(choice, 0) for counts in said for choice in rule.choices
        )
        if chosen > rule.count.value * ballots:
            named = ", ".join(rule.choices)
            yield Fault(
                where,
                f"{chosen} times {named}, but {ballots} ballots may have "
                f"{rule.count.value} each",
                "count the ballots that break this rule as invalid, under turnout",
            )


def _signed(evidence: ScoreInput, scheme: Scheme) -> Iterator[Fault]:
    """Yield named ratings where the scheme takes none, and points beyond the scale."""
    places = set(named_places(scheme.components))
    for component, groups in evidence.named.items():
        for group, ratings in groups.items():
            where = f"named.{component}.{group}".rstrip(".")
            if (component, group) not in places:
                known = [f"{c}.{g}".rstrip(".") for c, g in sorted(places)]
                yield Fault(where, "takes no named ratings", nearest(where, known))
                continue
            full = scheme.component(component).full_marks.value
            for n, rating in enumerate(ratings):
                if rating.points > full:
                    wrong = f"{in_digits(rating.points)} is out of range"
                    instead = f"write 0 to {in_digits(full)}"
                    yield Fault(f"{where}[{n}].points", wrong, instead)


def _values(
    evidence: ScoreInput, components: Mapping[str, Component]
) -> Iterator[Fault]:
    """Yield values that have no place or are more than the full marks."""
    given = [c.key for c in components.values() if c.kind in FROM_OUTSIDE]
    for key, value in evidence.values.items():
        where, component = f"values.{key}", components.get(key)
        if component is None:
            yield Fault(where, f'there is no component "{key}"', nearest(key, given))
        elif component.kind not in FROM_OUTSIDE:
            instead = "hand in what it is made of"
            yield Fault(where, f"is worked out ({component.kind})", instead)
        elif not may_hold(component, value):
            wrong = f"{in_digits(value)} is out of range"
            most = in_digits(component.full_marks.value)
            yield Fault(where, wrong, f"write 0 to {most}")
