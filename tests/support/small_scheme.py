"""The smallest scheme with every kind of component, as text for tests to change."""

import pytest

from survey_app.domain.ground.file_faults import SchemeRefused
from survey_app.domain.scheme.scheme_file import read_scheme

SMALL_SCHEME = """
format = 1
key = "small"
title = { zh = "小方案", en = "Small scheme" }
subject = "cadre"
source = "a source"
total = { published = "100" }

[values.levels]
good = { assumed = "100" }
bad = { assumed = "0" }

[[components]]
key = "achievements"
label = { zh = "实绩", en = "Achievements" }
kind = "given"
weight = { published = "70" }

[[components]]
key = "social"
label = { zh = "社会评价", en = "Social evaluation" }
kind = "sum"
weight = { published = "30" }

[[components.components]]
key = "body"
label = { zh = "领导班子得分", en = "The leading body's score" }
kind = "leading-body"
weight = { published = "10" }

[[components.components]]
key = "satisfaction"
label = { zh = "满意度得分", en = "Satisfaction score" }
kind = "survey"
weight = { published = "20" }
questionnaire = "small-questionnaire"
values = "levels"

[[components.components.rater_groups]]
key = "staff"
label = { zh = "职工", en = "Staff" }
design = "roster"
weight = { published = "3" }

[[components.components.rater_groups]]
key = "residents"
label = { zh = "居民", en = "Residents" }
weight = { published = "6" }

[[components]]
key = "direct"
label = { zh = "直接评分", en = "Direct points" }
kind = "points"
full_marks = { published = "10" }

[[rates]]
key = "good_rate"
label = { zh = "好评率", en = "Rate of good" }
component = "satisfaction"
choices = ["good"]

[[alerts]]
key = "one_third"
label = { zh = "三分之一", en = "One third" }
component = "satisfaction"
questions = ["overall"]
choices = ["bad"]
threshold = { published = "1/3" }
rater_groups = ["residents"]
"""

SMALL_QUESTIONNAIRE = """
format = 1
key = "small-questionnaire"
version = 1
title = { zh = "小问卷", en = "Small questionnaire" }
introduction = { zh = "请选择", en = "Please choose" }
source = "a source"

[[choices.levels]]
key = "good"
label = { zh = "好", en = "Good" }

[[choices.levels]]
key = "bad"
label = { zh = "差", en = "Bad" }

[[choices.levels]]
key = "dont_know"
label = { zh = "不了解", en = "Don't know" }

[[questions]]
key = "overall"
text = { zh = "总体", en = "Overall" }
choices = "levels"
"""


def changed(text: str, *changes: tuple[str, str]) -> str:
    """Return the text with each old part replaced; every part must be there once."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    return text


def faults_of(text: str) -> dict[str, str]:
    """Return place → what is wrong and what to write instead."""
    with pytest.raises(SchemeRefused) as refused:
        read_scheme(text, file="small.toml")
    faults = refused.value.faults
    named = {fault.where: f"{fault.wrong}; {fault.instead}" for fault in faults}
    assert len(named) == len(faults), "one mistake is named once"
    return named


def faults_after(*changes: tuple[str, str]) -> dict[str, str]:
    """Return the faults of the small scheme after these changes."""
    return faults_of(changed(SMALL_SCHEME, *changes))


def in_survey(line: str) -> tuple[str, str]:
    """Return the change that adds a line to the survey component."""
    return 'kind = "survey"', f'kind = "survey"\n{line}'
