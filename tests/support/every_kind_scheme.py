"""A scheme and its questionnaire with questions of every kind, some of them scored."""

from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scheme.scheme_file import read_scheme

LEVELS = """
[[choices.levels]]
key = "good"
label = { zh = "好", en = "Good" }

[[choices.levels]]
key = "bad"
label = { zh = "差", en = "Bad" }

[[choices.levels]]
key = "dont_know"
label = { zh = "不了解", en = "Don't know" }
"""

KINDS_QUESTIONNAIRE = f"""
format = 1
key = "kinds"
version = 1
title = {{ zh = "各种题型", en = "Every kind" }}
introduction = {{ zh = "请作答。", en = "Please answer." }}
source = "a source"
{LEVELS}
[[questions]]
key = "overall"
text = {{ zh = "总体如何？", en = "All in all?" }}
choices = "levels"

[[questions]]
key = "handled"
kind = "single"
text = {{ zh = "办成了吗？", en = "Was it done?" }}
[[questions.choices]]
key = "done"
label = {{ zh = "办成", en = "Done" }}
[[questions.choices]]
key = "undone"
label = {{ zh = "没办成", en = "Not done" }}

[[questions]]
key = "window"
kind = "single"
optional = true
text = {{ zh = "在哪个窗口？", en = "At which window?" }}
[[questions.choices]]
key = "north"
label = {{ zh = "北", en = "North" }}
[[questions.choices]]
key = "south"
label = {{ zh = "南", en = "South" }}

[[questions]]
key = "ways"
kind = "several"
optional = true
text = {{ zh = "用过哪些方式？", en = "Which ways?" }}
[[questions.choices]]
key = "phone"
label = {{ zh = "电话", en = "Phone" }}
[[questions.choices]]
key = "desk"
label = {{ zh = "窗口", en = "Desk" }}
[[questions.choices]]
key = "post"
label = {{ zh = "邮寄", en = "Post" }}

[[questions]]
key = "points"
kind = "number"
text = {{ zh = "打几分？", en = "How many points?" }}

[[questions]]
key = "waited"
kind = "number"
optional = true
bands = [0, 20, 60]
text = {{ zh = "等了几分钟？", en = "How many minutes?" }}

[[questions]]
key = "again"
optional = true
show_if = {{ question = "handled", choices = ["undone"] }}
text = {{ zh = "再来时如何？", en = "And when you came again?" }}
choices = "levels"

[[questions]]
key = "why"
kind = "text"
show_if = {{ question = "overall", choices = ["bad"] }}
text = {{ zh = "为什么？", en = "Why?" }}
"""

KINDS_SCHEME = """
format = 1
key = "kinds"
title = { zh = "各题型方案", en = "Scheme of kinds" }
subject = "leading-body"
source = "a source"
total = { published = "100" }

[values.levels]
good = { assumed = "100" }
bad = { assumed = "0" }

[[components]]
key = "satisfaction"
label = { zh = "满意度得分", en = "Satisfaction score" }
kind = "survey"
weight = { published = "100" }
questionnaire = "kinds"
values = "levels"
minimum_answers = { assumed = 1 }
empty_question = { assumed = "renormalise" }
empty_group = { assumed = "renormalise" }

[components.singles.handled]
done = { assumed = "100" }
undone = { assumed = "40" }

[components.numbers]
points = { assumed = "mean" }

[components.numbers.waited]
0 = { assumed = "100" }
20 = { assumed = "60" }
60 = { assumed = "0" }

[[components.rater_groups]]
key = "staff"
label = { zh = "职工", en = "Staff" }
design = "roster"
weight = { published = "1" }

[[components.rater_groups]]
key = "residents"
label = { zh = "居民", en = "Residents" }
weight = { published = "3" }

[[rates]]
key = "good_rate"
label = { zh = "好评率", en = "Rate of good" }
component = "satisfaction"
choices = ["good"]

[[alerts]]
key = "one_third"
label = { zh = "三分之一", en = "One third" }
component = "satisfaction"
questions = ["overall", "again"]
choices = ["bad"]
threshold = { published = "1/3" }
rater_groups = ["residents"]

[[alerts]]
key = "undone"
label = { zh = "没办成过多", en = "Too much undone" }
component = "satisfaction"
questions = ["handled"]
choices = ["undone"]
threshold = { published = "1/3" }
rater_groups = ["residents"]
"""


def kinds_questionnaire() -> Questionnaire:
    """Return the questionnaire."""
    return read_questionnaire(KINDS_QUESTIONNAIRE, file="kinds.toml")


def kinds_scheme(*changes: tuple[str, str]) -> Scheme:
    """Return the scheme after these changes."""
    text = KINDS_SCHEME
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return read_scheme(text, file="kinds.toml")
