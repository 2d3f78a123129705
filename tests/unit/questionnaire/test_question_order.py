"""Questions stand on a sheet as they are asked, whatever order their weights have."""

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Counts
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import (
    Choice,
    Question,
    Questionnaire,
)
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_sheet import Node
from tests.support.schemes import component, scheme, survey


def keys(node: Node) -> list[str]:
    return [node.key, *(key for child in node.parts for key in keys(child))]


def test_weighted_questions_stand_as_the_questionnaire_asks_them() -> None:
    levels = tuple(
        Choice(key, Bilingual(key, key)) for key in ("good", "bad", "dont_know")
    )
    asked = Questionnaire(
        key="test",
        version=1,
        title=Bilingual("问卷", "Questionnaire"),
        introduction=Bilingual("", ""),
        source=Bilingual("", ""),
        questions=tuple(
            Question(key, Bilingual(key, key), levels)
            for key in ("work", "honesty", "ability")
        ),
    )
    weights = {"ability": 1, "honesty": 2, "work": 3}
    rules = survey(questions=weights, values={"good": 100, "bad": 0})
    said: dict[str, Counts] = {key: {"good": 4} for key in weights}

    sheet = score(
        scheme(component("voice", survey=rules)),
        ScoreInput(tallies={"voice": {"masses": said}}),
        questionnaires={"test": asked},
    )

    questions = [key for key in keys(sheet.root) if key in weights]
    assert questions == ["work", "honesty", "ability"]
