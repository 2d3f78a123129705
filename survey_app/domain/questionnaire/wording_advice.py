"""What may make the answers worse than they need be: advice with reasons, no faults.

Every rule is one that surveys are known to suffer from: leading words, two matters in
one question, unbalanced choices, no way to say that one cannot tell, and tiredness. An
author knows what is meant; nothing here ever forbids anything.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.questionnaire.choice_sets import SETS
from survey_app.domain.questionnaire.question import (
    ABSTAIN,
    DONT_KNOW,
    WITHOUT_POINTS,
    Choice,
    QuestionKind,
)
from survey_app.domain.questionnaire.sketch import Sketch, SketchedQuestion

LEADING = re.compile(
    r"难道|是否应当|是否应该|应不应该|是不是应该|众所周知|显然|理应|大家都|您一定"
    r"|\bdon't you\b|\bshouldn't\b|\bsurely\b|\bobviously\b|\bof course\b",
    re.IGNORECASE,
)
ABSOLUTE = re.compile(r"总是|从不|从来|所有|任何|一切|\balways\b|\bnever\b|\bevery\b")
IDENTITY = re.compile(
    r"您的(?:姓名|电话|手机|身份证|工号|职务|住址)|请留下.{0,4}(?:姓名|电话)"
    r"|\byour (?:name|phone|address|post)\b",
    re.IGNORECASE,
)
TWO_MATTERS = re.compile(
    r"[\u4e00-\u9fff]{1,6}(?:和|以及|及|、|，并且|又)[\u4e00-\u9fff]{1,6}"
)
ONE_MATTER = re.compile(r"来信、来访|回复和办理|协作配合|总体|还是")
"""What looks like two matters and is one."""
UNFAVOURABLE = re.compile(
    r"不|差|劣|坏|低|\bpoor|\bdis|\bun|\bnot\b|\bbad|\bincompetent", re.IGNORECASE
)
MIDDLING = re.compile(
    r"一般|基本|尚可|中等|普通|\bfair\b|\baverage\b|\bbasically\b|\bneither\b",
    re.IGNORECASE,
)
LONGEST = 40
"""Characters of a question in Chinese that a phone shows in two lines."""
MOST_QUESTIONS = 25
SHORTEST_PHRASE, LONGEST_PHRASE = 5, 24
OFTEN = 4
"""In so many questions a phrase is one repeated."""


@dataclass(frozen=True, slots=True)
class WordingAdvice:
    """One piece of advice, and which text it is about."""

    where: str
    """As places of faults are told: "questions[3].text.zh"; "" for all of it."""
    what: Remark


def wording_advice(sketch: Sketch) -> tuple[WordingAdvice, ...]:
    """Return all advice, in the order of the questions, what is about all last."""
    sets = {**SETS, **sketch.sets}
    each = [
        advice
        for number, one in enumerate(sketch.questions)
        for advice in _about_one(number, one, sets)
    ]
    return (*each, *_about_all(sketch))


def _about_one(
    at: int, one: SketchedQuestion, sets: Mapping[str, tuple[Choice, ...]]
) -> Iterator[WordingAdvice]:
    texts, number, zh = (one.text.zh, one.text.en), at + 1, f"questions[{at}].text.zh"
    if found := _found(LEADING, texts):
        yield WordingAdvice(zh, remark("advice-leading", number=number, found=found))
    if found := _two_matters(one):
        said = remark("advice-two-matters", number=number, found=found)
        yield WordingAdvice(zh, said)
    if len(one.text.zh) > LONGEST:
        signs = len(one.text.zh)
        said = remark("advice-long", number=number, signs=signs, most=LONGEST)
        yield WordingAdvice(zh, said)
    if found := _found(ABSOLUTE, texts):
        yield WordingAdvice(zh, remark("advice-absolute", number=number, found=found))
    if found := _found(IDENTITY, texts):
        yield WordingAdvice(zh, remark("advice-identity", number=number, found=found))
    yield from _about_choices(at, one, sets.get(one.choices, ()))


def _about_choices(
    at: int, one: SketchedQuestion, choices: tuple[Choice, ...]
) -> Iterator[WordingAdvice]:
    where, number = f"questions[{at}].choices", at + 1
    keys = {choice.key for choice in choices}
    must = one.kind == QuestionKind.SINGLE and choices and not one.optional
    if must and not keys & {DONT_KNOW, ABSTAIN}:
        yield WordingAdvice(where, remark("advice-no-dont-know", number=number))
    if one.kind == QuestionKind.RATING:
        good, bad = _sides(choices)
        if abs(good - bad) > 1 or (choices and not bad):
            said = remark("advice-unbalanced", number=number, good=good, bad=bad)
            yield WordingAdvice(where, said)


def _about_all(sketch: Sketch) -> Iterator[WordingAdvice]:
    phrase, times = repeated([one.text.zh for one in sketch.questions])
    if phrase:
        said = remark("advice-repeated", found=phrase, times=times)
        yield WordingAdvice("", said)
    count = len(sketch.questions)
    if count > MOST_QUESTIONS:
        said = remark("advice-many", count=count, most=MOST_QUESTIONS)
        yield WordingAdvice("", said)


def repeated(texts: list[str]) -> tuple[str, int]:
    """Return the longest phrase that OFTEN questions share, and how many do.

    Empty and 0 where none does.
    """
    for length in range(LONGEST_PHRASE, SHORTEST_PHRASE - 1, -1):
        seen: Counter[str] = Counter()
        for text in texts:
            last = len(text) - length + 1
            seen.update({text[at : at + length] for at in range(last)})
        phrase, times = max(seen.items(), key=lambda one: one[1], default=("", 0))
        if times >= OFTEN:
            return phrase, times
    return "", 0


def _sides(choices: tuple[Choice, ...]) -> tuple[int, int]:
    """Return how many choices are favourable and how many are not."""
    labels = [
        f"{one.label.zh} {one.label.en}"
        for one in choices
        if one.key not in WITHOUT_POINTS and one.label
    ]
    bad = sum(bool(UNFAVOURABLE.search(one)) for one in labels)
    middling = sum(
        bool(MIDDLING.search(one)) and not UNFAVOURABLE.search(one) for one in labels
    )
    return len(labels) - bad - middling, bad


def _two_matters(one: SketchedQuestion) -> str:
    if one.kind != QuestionKind.RATING or ONE_MATTER.search(one.text.zh):
        return ""
    return _found(TWO_MATTERS, (one.text.zh,))


def _found(pattern: re.Pattern[str], texts: tuple[str, ...]) -> str:
    hits = (pattern.search(text) for text in texts)
    return next((hit[0] for hit in hits if hit), "")
