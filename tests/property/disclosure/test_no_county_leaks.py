"""No county of any size leaks: by its numbers, and by its pages in other worlds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_app import create_app
from survey_app.analytics.tally_results import TallyResults
from survey_app.audit.derivable import derivable, sizes_given_away
from survey_app.audit.disclosure_audit import disclosure_audit
from survey_app.audit.printed_numbers import Counts, printed_numbers
from survey_app.database import borrowed_main_engine
from survey_app.domain.counting.evidence import NamedRating
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.tally import Tally, merged_tally
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.scheme.floors import DisclosureRules, SmallGroups
from survey_app.domain.scheme.scheme import (
    Component,
    Design,
    Grouping,
    Post,
    Scheme,
    SurveyRules,
    WhenEmpty,
)
from survey_app.migrate import migrate
from survey_app.settings import Settings
from tests.support.plans import COMPONENT, frozen, plan_of
from tests.support.schemes import published, same
from tests.support.secret_county import GROUPS, QUESTIONNAIRE
from tests.support.secret_county import SCHEME as AVERAGED
from tests.support.small_county import County, small_county

Tallies = dict[int, Tally]


def changed(scheme: Scheme, change: Callable[[SurveyRules], SurveyRules]) -> Scheme:
    """Return the scheme with other rules for the survey that is asked about."""

    def inside(component: Component) -> Component:
        parts = tuple(inside(part) for part in component.components)
        rules = component.survey
        if component.key == COMPONENT and rules is not None:
            rules = change(rules)
        return replace(component, components=parts, survey=rules)

    return replace(scheme, components=tuple(map(inside, scheme.components)))


def thrown_together(rules: SurveyRules) -> SurveyRules:
    return replace(rules, grouping=replace(rules.grouping, value=Grouping.POOLED))


def weighed_by_post(rules: SurveyRules) -> SurveyRules:
    """Other weights for deputies, in whose scores the first group weighs nothing."""
    groups = tuple(
        replace(group, weight=same(place + 1, deputy=2 * place))
        for place, group in enumerate(rules.rater_groups)
    )
    lenient = replace(rules.empty_group, value=WhenEmpty.RENORMALISE)
    return replace(rules, rater_groups=groups, empty_group=lenient)


def signed_by_the_first(rules: SurveyRules) -> SurveyRules:
    """The first group signs a named rating instead of answering."""
    first, *others = rules.rater_groups
    return replace(rules, rater_groups=(replace(first, design=Design.NAMED), *others))


POOLED = changed(AVERAGED, thrown_together)
BY_POST = changed(AVERAGED, weighed_by_post)
CHOICES = ("good", "bad", "dont_know")
QUESTIONS = ("work", "overall")
TOGETHER = replace(
    BY_POST,
    disclosure=DisclosureRules(small_groups=published(SmallGroups.TOGETHER)),
)
SIGNED = changed(AVERAGED, signed_by_the_first)
ASKED = st.sampled_from([AVERAGED, POOLED, BY_POST, TOGETHER, SIGNED])
POSTS = st.sampled_from([(Post.PRINCIPAL,), (Post.DEPUTY,), tuple(Post)])
MODES = st.sampled_from(["open", "secret"])


SIGNATURE = NamedRating("甲", "长", Fraction(90), "as observed", "form 1")
SIZES = st.sampled_from([0, *range(1, 13), 40])


def answers(n: int) -> st.SearchStrategy[dict[str, int]]:
    """Draw what so many people say to one question; unanimous groups are frequent."""
    return st.one_of(
        st.sampled_from(CHOICES).map(lambda choice: {choice: n}),
        st.integers(0, n).map(lambda bad: {"bad": bad, "good": n - bad}),
        st.integers(0, min(n, 3)).map(lambda good: {"bad": n - good, "good": good}),
    )


@st.composite
def tallies(draw: st.DrawFn, questions: tuple[str, ...] = QUESTIONS) -> Tallies:
    """Draw what was counted about one to four subjects by three rater groups."""
    return {
        subject: {
            group: {question: draw(answers(n)) for question in questions}
            for group in GROUPS
            if (n := draw(SIZES))
        }
        for subject in range(1, draw(st.integers(1, 4)) + 1)
    }


@given(tallies(), ASKED, MODES, POSTS)
def test_no_number_about_few_people_can_be_worked_out(
    counted: Tallies, scheme: Scheme, mode: str, posts: tuple[Post, ...]
) -> None:
    secret = mode == "secret"
    if scheme is SIGNED:
        counted = {s: {g: said for g, said in tally.items() if g != GROUPS[0]}
                   for s, tally in counted.items()}  # fmt: skip
    plan = plan_of(scheme, counted, secret=secret, posts=posts)
    about = list(read(plan, scheme, counted, posts))
    what = frozen(scheme, counted, secret=secret)

    assert [
        found
        for one in about
        for found in derivable(one, what, printed_numbers(one, what))
    ] == []
    people = {
        one.subject: {group: one.people((group,)) for group in one.inhabited}
        for one in about
    }
    assert list(sizes_given_away(plan, people)) == []


@settings(max_examples=1, suppress_health_check=list(HealthCheck))
@given(tallies(("overall",)))
def test_no_page_tells_what_few_people_said(counted: Tallies) -> None:
    """One county a run; every kind of hidden group is audited in its own test."""
    with a_county() as (county, told):
        about = (county.subject_id, county.other_subject_id)
        for subject, tally in zip(about, counted.values(), strict=False):
            for group in ("staff", "residents"):
                said = tally.get(group, {}).get("overall", {})
                county.count(group, subject_id=subject, **said)
        county.settle()

        report = disclosure_audit(told, create_app)

    assert report.is_clean, "\n".join(report.lines())


def read(
    plan: EvaluatedPlan, scheme: Scheme, counted: Tallies, posts: tuple[Post, ...]
) -> Iterator[Counts]:
    """Yield what the audit reads of a plan."""
    for subject, tally in counted.items():
        about = plan.of_subject(subject)
        results = TallyResults(
            with_merged_groups(scheme, COMPONENT, about.counted_in),
            COMPONENT,
            QUESTIONNAIRE,
            merged_tally(tally, about.joined),
            about,
            named={GROUPS[0]: (SIGNATURE,)} if scheme is SIGNED else {},
        )
        yield Counts(subject, results, posts)


@contextmanager
def a_county() -> Iterator[tuple[County, Settings]]:
    """Give an empty county in a folder of its own."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "survey.sqlite"
        told = Settings(database_url=f"sqlite:///{file}", secret_key="k" * 32)
        with borrowed_main_engine(told) as engine:
            migrate(engine)
            yield small_county(engine), told
