"""What becomes of an alert in one place: what is checked and decided, and how fast.

A scheme that says nothing of it has the house's defaults, every one of them assumed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from survey_app.domain.ground.bilingual import UNSAID, Bilingual
from survey_app.domain.ground.stated import Stated, assumed


class Measure(StrEnum):
    """What can be decided about an alert; see the words list."""

    NONE = "none"
    REMINDER = "reminder"
    INQUIRY = "inquiry"
    ADMONITION = "admonition"
    WAITING = "waiting-for-a-post"
    ADJUSTMENT = "adjustment"
    DEMOTION = "demotion"
    REMOVAL = "removal"


class TakesTwo(StrEnum):
    """The acts for which a scheme may ask a second person."""

    DECIDE = "decide"
    PLAN = "plan"
    CLOSE = "close"


class DaysOf(StrEnum):
    """Which days a time limit counts."""

    NATURAL = "natural"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class CheckPoint:
    """One thing that is looked into before anything is decided."""

    key: str
    label: Bilingual
    source: Bilingual = UNSAID


_YEAR_END = Bilingual(
    "依据年终考核程序设定：实地核查、个别谈话、查阅材料、征求有关部门意见",
    "Assumed, after the year-end procedure: on-site check, talks, documents, opinions "
    "of departments",
)
_HALF_YEAR = Bilingual(
    "某自治区的规定：限期改进，半年后再次测评",
    "Rules of an autonomous region: a deadline to improve, and another evaluation "
    "after half a year",
)
_TEN_DAYS = Bilingual(
    "通行的复核期限：10日内申请，10日内答复",
    "The usual limits of a re-check: 10 days to ask, 10 days to answer",
)

_LOOP = Bilingual(
    "国办发〔2019〕51号及各地实施办法：联系、核实、整改、回访",
    "Document 51 (2019) of the State Council's office and local rules: contact, "
    "verify, rectify, call back",
)
RATING_CHECKS = (
    CheckPoint("contact", Bilingual("联系评价人", "Raters contacted"), _LOOP),
    CheckPoint("verify", Bilingual("核实情况", "Facts verified"), _LOOP),
    CheckPoint("rectify", Bilingual("整改", "Rectified"), _LOOP),
    CheckPoint("call_back", Bilingual("回访反馈", "Called back"), _LOOP),
)
"""What becomes of bad ratings, in this order."""
CHECKS = (
    CheckPoint("on_site", Bilingual("实地核查", "On-site check"), _YEAR_END),
    CheckPoint("talks", Bilingual("个别谈话", "Talks"), _YEAR_END),
    CheckPoint("documents", Bilingual("查阅材料", "Documents"), _YEAR_END),
    CheckPoint(
        "departments",
        Bilingual("征求有关部门意见", "Opinions of other departments"),
        _YEAR_END,
    ),
)
_ALL = assumed(tuple(Measure))
_GRAVE: Stated[tuple[Measure, ...]] = assumed(
    (Measure.WAITING, Measure.ADJUSTMENT, Measure.DEMOTION, Measure.REMOVAL)
)
_BY_TWO: Stated[tuple[TakesTwo, ...]] = assumed((TakesTwo.DECIDE, TakesTwo.CLOSE))
_SIX, _THIRTY, _TEN = assumed(6, _HALF_YEAR), assumed(30), assumed(10, _TEN_DAYS)
_NATURAL = assumed(DaysOf.NATURAL)
"""What holds where a scheme says nothing: for good, as frozen schemes are silent."""


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """What a scheme says of its alerts once they are raised."""

    checks: tuple[CheckPoint, ...] = CHECKS
    """What the verification (核实研判) must have looked into, in this order."""
    measures: Stated[tuple[Measure, ...]] = _ALL
    """What can be decided, the mildest first: the order of escalation."""
    leading_group: Stated[tuple[Measure, ...]] = _GRAVE
    """Those of them which the leading group must have agreed to."""
    second_person: Stated[tuple[TakesTwo, ...]] = _BY_TWO
    """The acts that take two people."""
    follow_up_months: Stated[int] = _SIX
    """After how many months the re-check is due."""
    verify_days: Stated[int] = _THIRTY
    """How long verification, hearing and decision may take together."""
    object_days: Stated[int] = _TEN
    """How long a re-check (申请复核) may be asked for."""
    answer_days: Stated[int] = _TEN
    """How long the answer to it may take."""
    days: Stated[DaysOf] = _NATURAL
    """Which days these limits count."""
    proposes: tuple[tuple[str, Stated[Measure]], ...] = ()
    """Alert rule → the measure its text names, which is proposed where it is raised."""
    days_off: tuple[date, ...] = ()
    """Days from Monday to Friday on which nobody works."""
    days_worked: tuple[date, ...] = ()
    """Saturdays and Sundays on which people do (调休)."""

    def next_measure(self, taken: Measure) -> Measure | None:
        """Return what comes after a measure in the order of escalation; None: nothing.

        It is proposed where an alert is escalated, and never taken by the program.
        """
        order = self.measures.value
        if taken not in order:
            return None
        return next(iter(order[order.index(taken) + 1 :]), None)

    def proposal(self, rule: str) -> Measure | None:
        """Return the measure that the text of an alert rule names; None: none."""
        named = dict(self.proposes).get(rule)
        return named.value if named else None

    def needs_leading_group(self, measure: Measure) -> bool:
        """Return whether the leading group must have agreed to it."""
        return measure in self.leading_group.value

    def needs_two(self, act: str) -> bool:
        """Return whether an act of this name takes a second person."""
        return act in {one.value for one in self.second_person.value}

    def due(self, start: date, days: int, kind: DaysOf | None = None) -> date:
        """Return the last day of a time limit of so many days that begins at a day.

        The first day counted is the one after it. `kind`: where it is not the scheme's.
        """
        if (kind or self.days.value) is DaysOf.NATURAL:
            return start + timedelta(days=days)
        day = start
        while days:
            day += timedelta(days=1)
            days -= self.is_worked(day)
        return day

    def is_worked(self, day: date) -> bool:
        """Return whether people work that day, as far as the scheme says."""
        if day in self.days_worked:
            return True
        return day.isoweekday() <= 5 and day not in self.days_off

    def follow_up_on(self, decided: date) -> date:
        """Return when the re-check is due; of a shorter month its last day."""
        months = decided.year * 12 + decided.month - 1 + self.follow_up_months.value
        first = date(months // 12, months % 12 + 1, 1)
        after = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
        return min(first + timedelta(days=decided.day - 1), after - timedelta(days=1))


REVIEW_DEFAULTS = ReviewRules()
