"""People reached in two ways, each with its own weight: two rater groups."""

from fractions import Fraction

import pytest

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scoring.score import score
from tests.support.small_scheme import SMALL_SCHEME

TWO_WAYS = """
[[components.components.rater_groups]]
key = "by_phone"
label = { zh = "群众（电话访问）", en = "Residents, by telephone" }
design = "sample"
weight = { published = "%s" }

[[components.components.rater_groups]]
key = "on_paper"
label = { zh = "群众（问卷）", en = "Residents, by questionnaire" }
weight = { published = "%s" }
"""


def scheme_of(phone: str, paper: str) -> str:
    """Return the small scheme with the same people asked in two ways."""
    start = SMALL_SCHEME.index("[[components.components.rater_groups]]")
    end = SMALL_SCHEME.index('[[components]]\nkey = "direct"')
    before, after = SMALL_SCHEME[:start], SMALL_SCHEME[end:]
    text = before + TWO_WAYS % (phone, paper) + "\n" + after
    return text.replace('rater_groups = ["residents"]', 'rater_groups = ["by_phone"]')


@pytest.mark.parametrize(
    ("phone", "paper", "value"),
    [("6", "4", Fraction(76)), ("3", "7", Fraction(73)), ("1", "1", Fraction(75))],
)
def test_each_way_has_its_mean_and_its_weight(
    phone: str, paper: str, value: Fraction
) -> None:
    rules = read_scheme(scheme_of(phone, paper), file="two.toml")
    said = {
        "by_phone": {"overall": {"good": 80, "bad": 20}},
        "on_paper": {"overall": {"good": 700, "bad": 300}},
    }

    sheet = score(rules, ScoreInput(tallies={"satisfaction": said}))

    social = next(one for one in sheet.root.parts if one.key == "social")
    node = next(one for one in social.parts if one.key == "satisfaction")
    assert node.value == value
    assert [part.value for part in node.parts] == [80, 70]
