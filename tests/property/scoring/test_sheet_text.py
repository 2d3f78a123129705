"""A sheet and its text say the same, whatever stands on the sheet."""

from hypothesis import given
from hypothesis import strategies as st

from survey_app.analytics.kept.sheet_text import (
    remark_of_text,
    remark_text,
    sheet_of_text,
    sheet_text,
)
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark
from tests.property.scoring.test_sheet_secrecy import Case, cases


@given(cases())
def test_what_is_read_is_what_was_written(case: Case) -> None:
    for sheet in (case.exact(), case.shown()):
        text = sheet_text(sheet)

        assert sheet_of_text(text) == sheet
        assert sheet_text(sheet_of_text(text)) == text


@given(cases(), cases())
def test_what_two_sheets_share_is_written_as_if_they_did_not(
    one: Case, other: Case
) -> None:
    known: dict[int, object] = {}
    for sheet in (one.shown(), other.shown(), one.shown()):
        assert sheet_text(sheet, known) == sheet_text(sheet)  # type: ignore[arg-type]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
FIGURES = TEXTS | st.builds(Bilingual, TEXTS, TEXTS)


@given(st.text(max_size=5, alphabet="abc-"), st.lists(st.tuples(TEXTS, FIGURES)))
def test_a_remark_keeps_its_figures(
    key: str, figures: list[tuple[str, str | Bilingual]]
) -> None:
    said = Remark(key, tuple(figures))

    assert remark_of_text(remark_text(said)) == said
