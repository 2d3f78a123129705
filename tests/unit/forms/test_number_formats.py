"""A number and its format give the text a spreadsheet shows."""

import pytest

from survey_app.forms.workbook.number_format import Seen, seen_number, seen_text


@pytest.mark.parametrize(
    ("written", "code", "text"),
    [
        ("0.30000000000000004", "General", "0.3"),
        ("81.263157894736835", "General", "81.26315789"),
        ("93.2", "0.00", "93.20"),
        ("93.205", "0.00", "93.21"),
        ("-5", "0.0_);[Red](0.0)", "(5.0)"),
        ("-5", "0;-0;0;@", "-5"),
        ("0.0005", "0.0%", "0.1%"),
        ("5", "0.##", "5."),
        ("1E3", "General", "1000"),
        ("93", '0"分"', "93分"),
    ],
)
def test_a_format_shows_what_a_spreadsheet_would(
    written: str, code: str, text: str
) -> None:
    seen = seen_number(written, code)

    assert isinstance(seen, Seen)
    assert seen.text == text


def test_a_format_can_add_to_a_text_or_hide_it() -> None:
    assert seen_text("07", '"T"@') == Seen("T07")
    assert seen_text("07", "0.00") == Seen("07")
    assert not isinstance(seen_text("07", ";;;"), Seen)
