"""Sets of choices by name: what questions usually offer, ready to be taken.

Names and keys are those of the questionnaires that come with the platform, so that a
scheme's values fit whatever is made from them.
"""

from collections.abc import Iterable, Mapping

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.question import Choice

_CANNOT_SAY = (("abstain", "弃权", "Abstain"), ("dont_know", "不了解", "Don't know"))


def _set(
    *choices: tuple[str, str, str], without: Iterable[tuple[str, str, str]] = ()
) -> tuple[Choice, ...]:
    return tuple(Choice(key, Bilingual(zh, en)) for key, zh, en in (*choices, *without))


SETS: Mapping[str, tuple[Choice, ...]] = {
    "satisfied_five": _set(
        ("very_satisfied", "非常满意", "Very satisfied"),
        ("satisfied", "满意", "Satisfied"),
        ("basically_satisfied", "基本满意", "Basically satisfied"),
        ("dissatisfied", "不满意", "Dissatisfied"),
        ("very_dissatisfied", "非常不满意", "Very dissatisfied"),
        without=_CANNOT_SAY[1:],
    ),
    "satisfied_four": _set(
        ("satisfied", "满意", "Satisfied"),
        ("fairly_satisfied", "较满意", "Fairly satisfied"),
        ("basically_satisfied", "基本满意", "Basically satisfied"),
        ("dissatisfied", "不满意", "Dissatisfied"),
        without=_CANNOT_SAY,
    ),
    "grades_of_bodies": _set(
        ("excellent", "优秀", "Excellent"),
        ("good", "良好", "Good"),
        ("fair", "一般", "Fair"),
        ("poor", "较差", "Poor"),
        without=_CANNOT_SAY,
    ),
    "grades_of_cadres": _set(
        ("excellent", "优秀", "Excellent"),
        ("competent", "称职", "Competent"),
        ("basically_competent", "基本称职", "Basically competent"),
        ("incompetent", "不称职", "Incompetent"),
        without=_CANNOT_SAY,
    ),
    "yes_no": _set(("yes", "是", "Yes"), ("no", "否", "No"), without=_CANNOT_SAY[1:]),
    "how_often": _set(
        ("never", "没有去过", "Never"),
        ("once", "一次", "Once"),
        ("few_times", "二至五次", "Two to five times"),
        ("more_often", "六次以上", "Six times or more"),
    ),
}
"""Name → choices. Of each the order is the one people see."""
LABELS: Mapping[str, Bilingual] = {
    "satisfied_five": Bilingual("满意度五级（好差评）", "Satisfaction, five levels"),
    "satisfied_four": Bilingual("满意度四级", "Satisfaction, four levels"),
    "grades_of_bodies": Bilingual("班子等次（优秀至较差）", "Grades of leading bodies"),
    "grades_of_cadres": Bilingual("干部等次（优秀至不称职）", "Grades of cadres"),
    "yes_no": Bilingual("是、否", "Yes, no"),
    "how_often": Bilingual("次数", "How often"),
}
"""Name → what an author reads."""


def set_called(choices: tuple[Choice, ...]) -> str:
    """Return the name of the set with these very choices; "" for any other."""
    return next((name for name, one in SETS.items() if one == choices), "")
