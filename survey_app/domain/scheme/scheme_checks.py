"""What must hold between the parts of a scheme, whatever each part says for itself.

A check keeps silent about a place that could not be read in the first place: one
mistake, one fault.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from survey_app.domain.ground.file_faults import Fault, FaultList, nearest
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.questionnaire.question import ONE_CHOICE
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.ballot_rule_checks import ballot_rule_fit_faults
from survey_app.domain.scheme.component_fields import placed
from survey_app.domain.scheme.other_value_checks import counts, other_fit_faults
from survey_app.domain.scheme.review_file import review_faults
from survey_app.domain.scheme.scheme import (
    AlertRule,
    Component,
    ComponentKind,
    Post,
    Scheme,
    SubjectKind,
    SurveyRules,
    Weight,
)
from survey_app.domain.scheme.survey_checks import (
    alert_faults,
    rate_faults,
    survey_faults,
)


def fit_faults(
    scheme: Scheme, questionnaires: Mapping[str, Questionnaire]
) -> tuple[Fault, ...]:
    """Return what does not fit, empty when all does; questionnaires by their key."""
    return tuple(_fit_faults(scheme, questionnaires))


def _fit_faults(
    scheme: Scheme, questionnaires: Mapping[str, Questionnaire]
) -> Iterator[Fault]:
    """Yield the faults, component by component, then alert by alert."""
    asked: dict[str, Questionnaire] = {}
    for place, component in placed(scheme.components):
        if not (rules := component.survey):
            continue
        if found := questionnaires.get(rules.questionnaire):
            asked[component.key] = found
            yield from _choice_faults(f"{place}.values", rules, found)
            yield from other_fit_faults(place, rules, found)
            yield from _weight_faults(f"{place}.question_weights", rules, found)
            yield from ballot_rule_fit_faults(f"{place}.ballot_rules", rules, found)
        else:
            yield Fault(
                f"{place}.questionnaire",
                f'there is no questionnaire "{rules.questionnaire}"',
                nearest(rules.questionnaire, questionnaires),
            )
    for n, alert in enumerate(scheme.alerts):
        if alert.component in asked:
            yield from _alert_faults(f"alerts[{n}]", alert, asked[alert.component])


def _choice_faults(
    place: str, rules: SurveyRules, questionnaire: Questionnaire
) -> Iterator[Fault]:
    """Yield ratings without points, and points for choices nobody can pick."""
    offered = {
        choice.key
        for question in questionnaire.ratings
        for choice in question.choices
        if choice.rates
    }
    valued = rules.points().keys()
    for choice in sorted(offered - valued):
        yield Fault(place, f'"{choice}" has no points', "say how many it is worth")
    for choice in sorted(valued - offered):
        wrong = f'no question of "{questionnaire.key}" offers "{choice}"'
        yield Fault(place, wrong, nearest(choice, sorted(offered)))


def _weight_faults(
    place: str, rules: SurveyRules, questionnaire: Questionnaire
) -> Iterator[Fault]:
    """Yield weights of unknown questions, and questions the weights leave out."""
    weighed = {question for question, _ in rules.question_weights}
    known = [one.key for one in questionnaire.questions if counts(rules, one)]
    for question in sorted(weighed.difference(known)):
        wrong = f'there is no question "{question}"'
        if questionnaire.question(question) is not None:
            wrong = f'"{question}" has no points, so it can have no weight'
        yield Fault(place, wrong, nearest(question, known))
    if not known:
        wrong = f'nothing "{questionnaire.key}" asks has points'
        yield Fault(place, wrong, "value a single choice or a number")
    for question in known if weighed else ():
        if question not in weighed:
            yield Fault(
                place,
                f'"{question}" has no weight while others have',
                "weigh every question, or none; a weight may be 0",
            )


def _alert_faults(
    place: str, alert: AlertRule, questionnaire: Questionnaire
) -> Iterator[Fault]:
    """Yield unknown questions, and choices the watched question does not offer."""
    known = {question.key: question for question in questionnaire.questions}
    for key in alert.questions:
        if key not in known:
            wrong = f'there is no question "{key}" in "{questionnaire.key}"'
            yield Fault(f"{place}.questions", wrong, nearest(key, known))
            continue
        if known[key].kind not in ONE_CHOICE:
            wrong = f'question "{key}" has no choice that could be watched'
            yield Fault(f"{place}.questions", wrong, "name ratings or single choices")
            continue
        for choice in alert.choices:
            if choice not in known[key].choice_keys:
                wrong = f'question "{key}" does not offer "{choice}"'
                advice = nearest(choice, sorted(known[key].choice_keys))
                yield Fault(f"{place}.choices", wrong, advice)


def whole_file_faults(scheme: Scheme, faults: FaultList) -> Iterator[Fault]:
    """Yield what is wrong between the parts of the scheme."""
    yield from repeated_keys(scheme)
    if not scheme.components and not faults.doubts("components"):
        yield Fault("components", "there are none", "begin each with [[components]]")
    yield from sum_faults(
        "components", scheme.components, same_for_all(scheme.total.value), faults
    )
    for place, component in placed(scheme.components):
        yield from component_faults(place, component, scheme.subject, faults)
    yield from rate_faults(scheme, faults)
    yield from alert_faults(scheme, faults)
    yield from adjustment_faults(scheme)
    yield from limit_faults(scheme, faults)
    yield from review_faults(scheme, faults)


def repeated_keys(scheme: Scheme) -> Iterator[Fault]:
    """Yield every key that names two things of one kind; components as one tree."""
    tree = list(placed(scheme.components))
    yield from repeats((place, component.key) for place, component in tree)
    yield from repeats(numbered("rates", [rate.key for rate in scheme.rates]))
    yield from repeats(numbered("alerts", [alert.key for alert in scheme.alerts]))
    for place, component in tree:
        if rules := component.survey:
            inside = f"{place}.rater_groups", [g.key for g in rules.rater_groups]
            yield from repeats(numbered(*inside))
            inside = f"{place}.conditions", [c.key for c in rules.conditions]
            yield from repeats(numbered(*inside))


def numbered(where: str, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each key of a list with its place."""
    return ((f"{where}[{n}]", key) for n, key in enumerate(keys))


def repeats(keys: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    """Yield a fault for each key that stood at an earlier place already."""
    first: dict[str, str] = {}
    for place, key in keys:
        if key and key in first:
            yield Fault(
                f"{place}.key", f'"{key}" is taken by {first[key]}', "choose another"
            )
        first.setdefault(key, place)


def same_for_all(total: Fraction) -> dict[Post, Fraction]:
    """Return one total for both kinds of post."""
    return dict.fromkeys(Post, total)


def sum_faults(
    place: str,
    components: tuple[Component, ...],
    wanted: dict[Post, Fraction],
    faults: FaultList,
) -> Iterator[Fault]:
    """Yield a fault for each kind of post whose weights miss the wanted total."""
    unsure = ["total"] if place == "components" else []
    unsure += [f"{place}[{n}].{k}" for n in range(len(components)) for k in SUMMED]
    if not components or any(faults.doubts(one) for one in unsure):
        return
    found = {
        post: sum(
            (c.weight.of(post).value for c in components if c.weight), Fraction(0)
        )
        for post in Post
    }
    for posts in off_target(found, wanted):
        total = in_digits(wanted[posts[0]])
        whose = "" if len(posts) == len(Post) else f" of {posts[0]} posts"
        yield Fault(
            place,
            f"the weights{whose} add up to {in_digits(found[posts[0]])}, not {total}",
            f"write weights that add up to {total}",
        )


SUMMED = ("kind", "weight")
"""What of a component decides how it enters the sum above it."""


def off_target(
    found: dict[Post, Fraction], wanted: dict[Post, Fraction]
) -> list[list[Post]]:
    """Return the posts whose sum is wrong; together where they err alike."""
    wrong = [post for post in Post if found[post] != wanted[post]]
    alike = len({(found[post], wanted[post]) for post in wrong}) == 1
    return [wrong] if alike else [[post] for post in wrong]


def component_faults(
    place: str, component: Component, subject: SubjectKind, faults: FaultList
) -> Iterator[Fault]:
    """Yield what is wrong with one component and its place in the scheme."""
    weight = component.weight
    if component.kind is ComponentKind.SUM and not component.components:
        yield Fault(place, "a sum of nothing", "list [[components.components]]")
    if weight and not faults.doubts(f"{place}.weight"):
        yield from weight_faults(place, weight, subject)
        wanted = {post: weight.of(post).value for post in Post}
        inner = f"{place}.components"
        yield from sum_faults(inner, component.components, wanted, faults)
    yield from about_faults(place, component, subject)
    yield from survey_faults(place, component, subject, faults)


def weight_faults(place: str, weight: Weight, subject: SubjectKind) -> Iterator[Fault]:
    """Yield what no component's weight may be."""
    if not weight.principal.value and not weight.deputy.value:
        yield Fault(f"{place}.weight", "a weight of 0", "remove the component")
    if subject is SubjectKind.LEADING_BODY and weight.principal != weight.deputy:
        yield Fault(
            f"{place}.weight", "a leading body holds no post", "write one weight"
        )


def about_faults(
    place: str, component: Component, subject: SubjectKind
) -> Iterator[Fault]:
    """Yield what contradicts whom the scheme is about."""
    if component.kind is ComponentKind.LEADING_BODY:
        if subject is SubjectKind.LEADING_BODY:
            yield Fault(
                f"{place}.kind",
                "a leading body's scheme cannot contain its own score",
                'use kind = "given", or subject = "cadre"',
            )
        if component.about is SubjectKind.CADRE:
            yield Fault(
                f"{place}.about", "this score is the leading body's", "remove it"
            )
    elif subject is SubjectKind.LEADING_BODY and component.about is SubjectKind.CADRE:
        yield Fault(
            f"{place}.about",
            "the scheme is about a leading body",
            'write about = "leading-body"',
        )


def limit_faults(scheme: Scheme, faults: FaultList) -> Iterator[Fault]:
    """Yield a floor that lies above what the total can or may reach."""
    if any(faults.doubts(one) for one in ("floor", "ceiling", "total")):
        return
    top = scheme.ceiling or scheme.total
    if scheme.floor.value >= top.value:
        yield Fault(
            "floor",
            f"{in_digits(scheme.floor.value)} leaves no room below "
            f"{in_digits(top.value)}",
            "write a lower floor",
        )


def adjustment_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield what is wrong with the place where adjustments enter."""
    target = scheme.adjustments.component
    known = {component.key for _, component in placed(scheme.components)}
    if target and target not in known:
        yield Fault(
            "adjustments.component",
            f'there is no component "{target}"',
            nearest(target, known),
        )
