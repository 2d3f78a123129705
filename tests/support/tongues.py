"""A questionnaire in more languages than two, for tests.

Real words stand where a page shows most; the rest is a mark in the same script with a
number in its digits, so that a page that is half in another language is seen at once.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.page_texts_after import BALLOT_PAGE
from survey_app.domain.questionnaire.questionnaire import (
    Choice,
    Question,
    Questionnaire,
)
from survey_app.domain.questionnaire.translation import Translation, all_places

MARKS = {
    "bo": ("བོད་ཡིག་གི་ཚིག", 0x0F20),
    "mn-Cyrl": ("монгол үг", 0x0660),
    "mn-Mong": ("ᠮᠣᠩᠭᠣᠯ ᠦᠭᠡ", 0x1810),
    "ug": ("ئۇيغۇرچە سۆز", 0x06F0),
}
"""Language → a mark, and the digit 0 that goes with it."""
LEVELS = ("good", "basically", "bad", "dont_know")
REAL: Mapping[str, Mapping[str, str]] = {
    "bo": {
        "title": "མང་ཚོགས་ཀྱི་ཡིད་ཚིམ་ཚད་བརྟག་དཔྱད།",
        "introduction": "ཁྱེད་རང་གི་ཚོར་བ་ལྟར་ལན་འདེབས་རོགས།",
        "questions.welcome.text": "ལས་བྱེད་པའི་རྣམ་འགྱུར་ལ་ཡིད་ཚིམ་མམ།",
        "questions.solved.text": "ལས་དོན་སྒྲུབ་པའི་ནུས་པར་ཡིད་ཚིམ་མམ།",
        "choices.welcome.good": "ཡིད་ཚིམ།",
        "choices.welcome.basically": "ཕལ་ཆེར་ཡིད་ཚིམ།",
        "choices.welcome.bad": "ཡིད་མི་ཚིམ།",
        "choices.welcome.dont_know": "མི་ཤེས།",
        "page.send": "ལན་སྐུར་བ།",
    },
    "mn-Cyrl": {
        "title": "Ард түмний сэтгэл ханамжийн судалгаа",
        "introduction": "Өөрийн үзэл бодлоор хариулна уу.",
        "questions.welcome.text": "Та ажилтны харилцаанд сэтгэл хангалуун байна уу?",
        "questions.solved.text": "Та ажлын үр дүнд сэтгэл хангалуун байна уу?",
        "choices.welcome.good": "Сэтгэл хангалуун",
        "choices.welcome.basically": "Ерөнхийдөө хангалуун",
        "choices.welcome.bad": "Сэтгэл дундуур",
        "choices.welcome.dont_know": "Мэдэхгүй",
        "page.send": "Хариултаа илгээх",
    },
    "mn-Mong": {
        "title": "ᠠᠷᠠᠳ ᠲᠦᠮᠡᠨ ᠦ ᠰᠡᠳᠬᠢᠯ ᠬᠠᠩᠭᠠᠮᠵᠢ ᠶᠢᠨ ᠰᠤᠳᠤᠯᠭᠠ",
        "introduction": "ᠥᠪᠡᠷ ᠦᠨ ᠦᠵᠡᠯ ᠢᠶᠡᠷ ᠬᠠᠷᠢᠭᠤᠯᠤᠭᠠᠷᠠᠢ",
        "questions.welcome.text": "ᠠᠵᠢᠯᠲᠠᠨ ᠤ ᠬᠠᠷᠢᠴᠠᠭᠠᠨ ᠳᠤ ᠰᠡᠳᠬᠢᠯ ᠬᠠᠩᠭᠠᠯᠤᠨ ᠤᠤ",
        "questions.solved.text": "ᠠᠵᠢᠯ ᠤᠨ ᠦᠷᠡ ᠳ᠋ᠦᠩ ᠳᠦ ᠰᠡᠳᠬᠢᠯ ᠬᠠᠩᠭᠠᠯᠤᠨ ᠤᠤ",
        "choices.welcome.good": "ᠰᠡᠳᠬᠢᠯ ᠬᠠᠩᠭᠠᠯᠤᠨ",
        "choices.welcome.basically": "ᠶᠡᠷᠦᠩᠬᠡᠢ ᠳᠡᠭᠡᠨ ᠬᠠᠩᠭᠠᠯᠤᠨ",
        "choices.welcome.bad": "ᠰᠡᠳᠬᠢᠯ ᠳᠤᠮᠳᠠᠭᠤᠷ",
        "choices.welcome.dont_know": "ᠮᠡᠳᠡᠬᠦ ᠦᠭᠡᠢ",
        "page.send": "ᠬᠠᠷᠢᠭᠤᠯᠲᠠ ᠢᠯᠡᠭᠡᠬᠦ",
    },
    "ug": {
        "title": "ئامما رازىمەنلىك دەرىجىسىنى تەكشۈرۈش",
        "introduction": "ئۆزىڭىزنىڭ ھېس قىلغىنى بويىچە جاۋاب بېرىڭ.",
        "questions.welcome.text": "خىزمەتچىلەرنىڭ پوزىتسىيەسىدىن رازىمۇ سىز؟",
        "questions.solved.text": "ئىش بېجىرىش ئۈنۈمىدىن رازىمۇ سىز؟",
        "choices.welcome.good": "رازى",
        "choices.welcome.basically": "ئاساسەن رازى",
        "choices.welcome.bad": "نارازى",
        "choices.welcome.dont_know": "بىلمەيمەن",
        "page.send": "جاۋابنى يوللاش",
    },
}


def _both(zh: str, en: str) -> Bilingual:
    return Bilingual(zh, en)


CHOICES = (
    Choice("good", _both("满意", "Satisfied")),
    Choice("basically", _both("基本满意", "Basically satisfied")),
    Choice("bad", _both("不满意", "Dissatisfied")),
    Choice("dont_know", _both("不了解", "Don't know")),
)
PLAIN = Questionnaire(
    key="two-questions",
    version=1,
    title=_both("群众满意度调查", "Masses' satisfaction"),
    introduction=_both("请按您自己的感受回答。", "Please answer as you see it."),
    source=_both("测试自拟", "made up for tests"),
    questions=(
        Question("welcome", _both("态度", "Welcome"), CHOICES),
        Question("solved", _both("效果", "Result"), CHOICES),
    ),
)


def translated(
    questionnaire: Questionnaire, language: str, *, ballot: bool = True
) -> Translation:
    """Return a whole translation into one of `MARKS`; `ballot`: of ballots, too."""
    mark, zero = MARKS[language]
    real = REAL[language]
    texts = []
    for number, (place, said) in enumerate(all_places(questionnaire).items()):
        if place in BALLOT_PAGE and not ballot:
            continue
        digits = "".join(chr(zero + int(one)) for one in str(number))
        gaps = re.findall(r"%\(\w+\)s", said.en)
        texts.append((place, real.get(place) or " ".join([mark, digits, *gaps])))
    return Translation(language, tuple(texts))


def in_tongues(
    questionnaire: Questionnaire = PLAIN, languages: Iterable[str] = tuple(MARKS)
) -> Questionnaire:
    """Return the questionnaire with whole translations into these languages."""
    found = tuple(translated(questionnaire, one) for one in languages)
    return replace(questionnaire, translations=found)
