"""Initials: what somebody types to find a name."""

import subprocess
import sys

import pytest

from survey_app.domain.ground.initials import MOST_SPELLINGS, initials_of


@pytest.mark.parametrize(
    ("texts", "found_by"),
    [
        (["李芳"], ["lf"]),
        (["李芳", "清河镇"], ["lf", "qhz"]),
        (["重庆市局"], ["cq", "zq"]),
        (["单雄"], ["sx", "dx"]),
        (["A1-Wang 李"], ["a1wangl"]),
        (["欧阳·娜"], ["oyn"]),
    ],
)
def test_a_name_is_found_by_every_likely_spelling(
    texts: list[str], found_by: list[str]
) -> None:
    initials = initials_of(*texts)

    assert all(typed in initials for typed in found_by), initials


def test_one_reading_gives_one_spelling() -> None:
    assert initials_of("李芳", "李芳") == "lf"


def test_many_readings_do_not_multiply() -> None:
    assert len(initials_of("重行单曾解朴").split()) == MOST_SPELLINGS


def test_who_only_answers_never_loads_the_dictionary() -> None:
    """It costs thirteen megabytes in a process, with the phrases it does without 58."""
    asked = (
        "import sys; from survey_app.domain.ground import initials;"
        "assert 'pypinyin' not in sys.modules; initials.initials_of('李芳');"
        "assert 'pypinyin.phrases_dict' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", asked], check=True)
