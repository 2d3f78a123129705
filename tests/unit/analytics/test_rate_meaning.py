"""A rate says which choices count, and of which ballots."""

from dataclasses import replace

from survey_app.analytics.rate_meaning import MEANINGS, rate_meaning
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.stated import Stated
from survey_app.domain.questionnaire.questionnaire import Choice
from survey_app.domain.scheme.scheme import Denominator
from tests.support.small_county import QUESTIONNAIRE, SCHEME

(RATE, *_) = SCHEME.rates


def test_the_line_names_the_choices_and_the_ballots() -> None:
    both = replace(RATE, choices=("bad", "good"))

    line = rate_meaning(both, QUESTIONNAIRE)

    assert line.zh == "好评率＝（好＋差）÷有效票（有效票：不含“不了解”、弃权和未答）"
    assert line.en.endswith(
        "= (Good + Bad) ÷ valid ballots "
        "(valid ballots: without “don't know”, abstentions and blanks)"
    )


def test_another_denominator_is_called_by_its_name() -> None:
    of_all = replace(RATE, denominator=Stated(Denominator.RESPONSES, published=True))

    assert "÷全部答卷（全部答卷：含" in rate_meaning(of_all, QUESTIONNAIRE).zh


def test_a_choice_with_two_names_is_called_by_both() -> None:
    (first, *rest) = QUESTIONNAIRE.questions
    renamed = [
        replace(c, label=Bilingual("满意", "Content")) if c.key == "good" else c
        for c in first.choices
    ]
    second = replace(first, key="second", choices=tuple[Choice, ...](renamed))
    two = replace(QUESTIONNAIRE, questions=(first, second, *rest))

    assert "（好／满意）" in rate_meaning(RATE, two).zh


def test_every_denominator_is_explained() -> None:
    assert set(MEANINGS) == set(Denominator)
