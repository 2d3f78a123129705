"""The demo county as values: an invented place, the same at every start.

Twelve units, thirty cadres, and for every answer that will be sent: who gives it and
what it says. The random numbers come from one fixed seed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

SEED = 20260501
PLACE = "示范县"
CYCLE = "2026年度考核"
SCHEME = "yijun-2017"
COMPONENT = "satisfaction"
QUESTIONNAIRE = "masses-satisfaction"
HALL = "政务服务大厅"
SPARE_SLIPS = 3
"""Of each batch of slips, more than people answer."""
TITLE = "2026年群众满意度调查"

LEVELS = ("very_satisfied", "satisfied", "basically_satisfied", "dissatisfied",
          "very_dissatisfied", "dont_know")  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit and how its raters will answer."""

    code: str
    name: str
    mood: tuple[int, ...]
    """How likely each of LEVELS is, in parts."""
    unhappy: int | None = None
    """Of the service objects: exactly so many dissatisfied with the unit overall."""
    service_objects: int = 105


GOOD = (46, 34, 14, 3, 1, 2)
FAIR = (34, 36, 20, 6, 1, 3)
PLAIN = (26, 38, 24, 7, 2, 3)

UNITS = (
    DemoUnit("T01", "清河镇", GOOD),
    DemoUnit("T02", "柳林镇", FAIR),
    DemoUnit("T03", "石桥镇", PLAIN),
    # More than one third of its service objects are dissatisfied (38 of 105), though
    # everybody else is content.
    DemoUnit("T04", "龙泉镇", GOOD, unhappy=38),
    DemoUnit("T05", "白杨镇", FAIR),
    DemoUnit("T06", "双塔镇", GOOD),
    # Exactly one third (35 of 105): not more than one third.
    DemoUnit("S01", "永安街道", FAIR, unhappy=35),
    DemoUnit("S02", "东关街道", PLAIN),
    DemoUnit("S03", "新城街道", GOOD),
    # Too few service objects answered.
    DemoUnit("T07", "云台镇", FAIR, service_objects=8),
    DemoUnit("T08", "青山镇", GOOD),
    DemoUnit("T09", "太平镇", PLAIN),
)

RATERS = {"staff": 66, "departments": 54, "leaders": 36}
"""How many of each rater group answer about every unit; service objects vary."""

SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡"
GIVEN = ("建国", "秀兰", "志强", "丽华", "永红", "文博", "晓燕", "国栋", "雪梅", "海涛")


@dataclass(frozen=True, slots=True)
class DemoCadre:
    """A cadre with the component values that come from outside."""

    code: str
    name: str
    unit: str
    post: str
    title: str
    achievements: str
    democratic: str


def cadres() -> tuple[DemoCadre, ...]:
    """Return the thirty cadres: a principal and one or two deputies in every unit."""
    luck = Random(SEED)  # noqa: S311 -- a demo, and it must repeat itself
    found: list[DemoCadre] = []
    for place, unit in enumerate(UNITS):
        street = unit.code.startswith("S")
        head, deputy = ("主任", "副主任") if street else ("镇长", "副镇长")
        titles = [("principal", head), ("deputy", deputy), ("deputy", deputy)]
        for post, title in titles[: 3 if place % 2 == 0 else 2]:
            number = len(found)
            found.append(
                DemoCadre(
                    code=f"C{number + 1:02d}",
                    name=SURNAMES[number % 15] + GIVEN[number * 7 % 10],
                    unit=unit.code,
                    post=post,
                    title=title,
                    achievements=f"{luck.randint(880, 965) / 10:.1f}",
                    democratic=f"{luck.randint(860, 960) / 10:.1f}",
                )
            )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class DemoAnswer:
    """One answer to be sent: through which channel, and what it says."""

    unit: str
    rater_group: str
    picks: tuple[tuple[str, str], ...]


def answers(questions: tuple[str, ...]) -> list[DemoAnswer]:
    """Return every answer the county will send, in a mixed but fixed order."""
    luck = Random(SEED)  # noqa: S311 -- a demo, and it must repeat itself
    planned = [
        answer for unit in UNITS for answer in _answers_of(unit, questions, luck)
    ]
    luck.shuffle(planned)
    return planned


def _answers_of(
    unit: DemoUnit, questions: tuple[str, ...], luck: Random
) -> Iterator[DemoAnswer]:
    """Yield the answers about one unit, its service objects' last."""
    for group, number in RATERS.items():
        for _ in range(number):
            yield _answer(unit, group, questions, luck)
    for number in range(unit.service_objects):
        overall = None
        if unit.unhappy is not None:
            overall = _overall(number < unit.unhappy, luck)
        yield _answer(unit, "service_objects", questions, luck, overall=overall)


def _overall(unhappy: bool, luck: Random) -> str:  # noqa: FBT001 -- a fact, not a switch
    """Return an overall rating that is surely one or surely not the other."""
    if unhappy:
        return luck.choice(("dissatisfied", "dissatisfied", "very_dissatisfied"))
    return luck.choice(("very_satisfied", "very_satisfied", "satisfied"))


def _answer(
    unit: DemoUnit,
    group: str,
    questions: tuple[str, ...],
    luck: Random,
    *,
    overall: str | None = None,
) -> DemoAnswer:
    """Return one complete answer in the mood of the unit."""
    picks = {question: luck.choices(LEVELS, unit.mood)[0] for question in questions}
    if overall is not None:
        picks["overall"] = overall
    return DemoAnswer(unit.code, group, tuple(picks.items()))
