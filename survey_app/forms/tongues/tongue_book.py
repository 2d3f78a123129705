"""A questionnaire's translations as a workbook: a row a text, a column a language.

Down it goes with whatever is translated; up it comes with more columns filled in. What
a language reads in the first column is what the page says there.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.clean_text import clean_name
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.tongues import TONGUES
from survey_app.domain.questionnaire.translation import (
    LONGEST,
    Translation,
    all_places,
)
from survey_app.forms.roster.roster_apart import NotToldError, told_apart

PROGRAM = "survey_app.forms.tongues.tongue_process"
PLACE, CHINESE, ENGLISH = "place", "zh 中文", "en English"
OURS = 3
"""Columns before those of the languages."""


def tongue_book(questionnaire: Questionnaire, translate: Callable[[str], str]) -> bytes:
    """Return the .xlsx file; `translate` gives our own words in Chinese."""
    import xlsxwriter  # noqa: PLC0415 -- most processes never write a workbook

    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet("translations")
    bold = book.add_format({"bold": True, "bg_color": "#E9F0F8", "bottom": 1})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    ours = book.add_format({"text_wrap": True, "valign": "top", "color": "#525A65"})
    heads = [PLACE, CHINESE, ENGLISH]
    heads += [f"{one.tag} {one.name}" for one in TONGUES.values()]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    sheet.set_column(0, 0, 28, ours)
    sheet.set_column(1, OURS - 1, 44, ours)
    sheet.set_column(OURS, len(heads) - 1, 44, text)
    told = {one.language: one.by_place for one in questionnaire.translations}
    for row, (place, said) in enumerate(all_places(questionnaire).items(), start=1):
        both = said if said.zh else Bilingual(translate(said.en), said.en)
        for column, shown in enumerate((place, both.zh, both.en)):
            sheet.write_string(row, column, shown, ours)
        for column, tag in enumerate(TONGUES, start=OURS):
            sheet.write_string(row, column, told.get(tag, {}).get(place, ""), text)
    sheet.freeze_panes(1, 1)
    book.close()
    return content.getvalue()


def translations_in(content: bytes) -> tuple[Translation, ...]:
    """Return the translations of a workbook: of every column in which something stands.

    Raises NotToldError where it cannot be read, or is no workbook of translations.
    """
    told = json.loads(told_apart(content, PROGRAM))
    if "refused" in told:
        raise NotToldError(Remark(told["refused"]))
    return _translations(told["rows"])


def _translations(rows: Sequence[Sequence[str]]) -> tuple[Translation, ...]:
    heads = [head.partition(" ")[0].strip() for head in rows[0]] if rows else []
    if PLACE not in heads[:1]:
        raise NotToldError(remark("tongues-no-places"))
    found = []
    for column, tag in enumerate(heads):
        texts = _column(rows[1:], column)
        if column >= OURS and tag and texts:
            found.append(Translation(tag, tuple(texts.items())))
    return tuple(found)


def _column(rows: Sequence[Sequence[str]], column: int) -> Mapping[str, str]:
    """Return place → text of one language; empty cells say nothing."""
    told = {row[0].strip(): clean_name(row[column]) for row in rows if row[0].strip()}
    return {place: text[:LONGEST] for place, text in told.items() if text}
