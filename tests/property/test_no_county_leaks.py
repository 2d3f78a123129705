"""No county of any size leaks: by its numbers, and by its pages in other worlds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from survey_app import create_app
from survey_app.audit.derivable import Counts, derivable, sizes_given_away
from survey_app.audit.disclosure_audit import disclosure_audit
from survey_app.database import borrowed_engine
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.scheme import Component, Grouping, Scheme
from survey_app.domain.tally import Tally
from survey_app.migrate import migrate
from survey_app.settings import Settings
from tests.plans import COMPONENT, frozen, plan_of
from tests.secret_county import GROUPS
from tests.secret_county import SCHEME as AVERAGED
from tests.small_county import County, small_county

Tallies = dict[int, Tally]


def as_pooled(scheme: Scheme, key: str) -> Scheme:
    """Return the scheme with all rater groups of a component thrown together."""

    def pooled(component: Component) -> Component:
        parts = tuple(pooled(part) for part in component.components)
        rules = component.survey
        if component.key == key and rules is not None:
            grouping = replace(rules.grouping, value=Grouping.POOLED)
            rules = replace(rules, grouping=grouping)
        return replace(component, components=parts, survey=rules)

    return replace(scheme, components=tuple(map(pooled, scheme.components)))


POOLED = as_pooled(AVERAGED, COMPONENT)
CHOICES = ("good", "bad", "dont_know")
QUESTIONS = ("work", "overall")
ASKED = st.sampled_from([AVERAGED, POOLED])
MODES = st.sampled_from(["open", "secret"])


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


@given(tallies(), ASKED, MODES)
def test_no_number_about_few_people_can_be_worked_out(
    counted: Tallies, scheme: Scheme, mode: str
) -> None:
    secret = mode == "secret"
    plan = plan_of(scheme, counted, secret=secret)
    about = list(read(plan, scheme, counted))
    what = frozen(scheme, counted, secret=secret)

    assert [found for one in about for found in derivable(one, what)] == []
    people = {
        one.subject: {group: one.people((group,)) for group in one.inhabited}
        for one in about
    }
    assert list(sizes_given_away(plan, people)) == []


TWO_THAT_HIDE_EACH_OTHER: Tallies = {
    1: {
        "staff": {"overall": {"good": 5, "bad": 1}},
        "residents": {"overall": {"good": 2, "bad": 5}},
    }
}
"""Too few each, enough together: then the whole is shown, and neither of them."""


@settings(max_examples=2, suppress_health_check=list(HealthCheck))
@given(tallies(("overall",)))
@example(TWO_THAT_HIDE_EACH_OTHER)
def test_no_page_tells_what_few_people_said(counted: Tallies) -> None:
    with a_county() as (county, told):
        for group in ("staff", "residents"):
            county.count(group, **counted[1].get(group, {}).get("overall", {}))
        # The county's noise: many residents answered about the other cadre.
        others = counted[max(counted)].get("leaders", {}).get("overall", {})
        county.count("staff", subject_id=county.other_subject_id, **others)
        county.settle()

        report = disclosure_audit(told, create_app)

    assert report.is_clean, "\n".join(report.lines())


def read(plan: EvaluatedPlan, scheme: Scheme, counted: Tallies) -> Iterator[Counts]:
    """Yield what the audit reads of a plan."""
    rules = scheme.component(COMPONENT).survey
    assert rules is not None
    for subject, tally in counted.items():
        yield Counts(subject, plan.of_subject(subject), rules, tally)


@contextmanager
def a_county() -> Iterator[tuple[County, Settings]]:
    """Give an empty county in a folder of its own."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "survey.sqlite"
        told = Settings(database_url=f"sqlite:///{file}", secret_key="k" * 32)
        with borrowed_engine(told.database_url) as engine:
            migrate(engine)
            yield small_county(engine), told
