"""A questionnaire with a question of every kind, as text for tests to change."""

EVERY_KIND = """
format = 1
key = "every-kind"
version = 1
title = { zh = "各种题型", en = "Every kind" }
source = "a source"
introduction = { zh = "请作答。", en = "Please answer." }

[comment]
prompt = { zh = "还想说什么？", en = "What else?" }

[[sections]]
key = "first"
title = { zh = "总体", en = "All in all" }

[[sections]]
key = "more"
title = { zh = "细节", en = "Details" }
introduction = { zh = "请如实填写。", en = "As it was." }

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
text = { zh = "总体如何？", en = "All in all?" }
choices = "levels"
section = "first" # 0

[[questions]]
key = "window"
kind = "single"
optional = true
text = { zh = "在哪个窗口办理？", en = "At which window?" }
section = "first" # 1

[[questions.choices]]
key = "north"
label = { zh = "北", en = "North" }

[[questions.choices]]
key = "south"
label = { zh = "南", en = "South" }

[[questions]]
key = "ways"
kind = "several"
optional = true
text = { zh = "用过哪些方式？", en = "Which ways?" }
section = "more" # 2

[[questions.choices]]
key = "phone"
label = { zh = "电话", en = "Phone" }

[[questions.choices]]
key = "desk"
label = { zh = "窗口", en = "Desk" }

[[questions.choices]]
key = "post"
label = { zh = "邮寄", en = "Post" }

[[questions]]
key = "score"
kind = "number"
optional = true
bands = [0, 60, 80]
text = { zh = "打几分？", en = "How many points?" }
section = "more" # 3

[[questions]]
key = "why"
kind = "text"
show_if = { question = "overall", choices = ["bad"] }
text = { zh = "为什么不满意？", en = "Why not?" }
section = "more" # 4
"""
