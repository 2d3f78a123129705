"""What is kept of a typed text: what is seen, and what a script cannot do without."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.ground.clean_text import (
    MOST_MARKS,
    characters,
    clean_comment,
    clean_name,
    has_private_characters,
)

UNSEEN = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062"
    "\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206f\ufeff\u00ad\u034f\u061c\u115f"
    "\u1160\u17b4\u17b5\u180b\u180d\u180e\u180f\u2800\u3164\uffa0\ufe00\ufe0e\ufe0f"
    "\ufff9\ufffc\ue000\U000f0000\U000e0001\U000e0061\U000e007f\U000e0100\U0001d159"
    "\U0001d173\u0000\u0007\u001b\u007f\u0600\ufdd0\uffff\ud800"
)
NEEDED = (
    "👨\u200d👩\u200d👧\u200d👦", "❤\ufe0f\u200d🔥", "👩🏽\u200d🌾", "🏳\ufe0f\u200d🌈",
    "1\ufe0f\u20e3", "☺\ufe0f", "🇨🇳", "👍🏿", "🫩",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "می\u200cخواهم", "ه\u200d", "ئۇيغۇرچە", "བོད་ཡིག", "རྡྷྱཱུྃ", "क्\u200dष", "क्\u200cष",
    "র\u200d্য", "ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ", "ᠬᠠᠭ\u180eᠠ", "ᠨ\u180b", "Nguyễn", "𠮷野家", "한글",
)  # fmt: skip


@pytest.mark.parametrize("one", UNSEEN, ids=ascii)
def test_what_nobody_sees_is_no_comment_and_marks_none(one: str) -> None:
    assert clean_comment(one) == ""
    assert clean_comment(one * 3) == ""
    assert clean_comment(f"很{one}好{one}") == "很好"
    assert clean_name(f"{one}李{one * 2}强") == "李强"


@pytest.mark.parametrize("text", NEEDED, ids=ascii)
def test_what_a_script_or_an_emoji_needs_stays(text: str) -> None:
    assert clean_comment(text) == text
    assert clean_name(f"a {text} b") == f"a {text} b"


@pytest.mark.parametrize(
    "marked",
    [
        "1\ufe0f", "👍\ufe0f", "好\ufe0e", "👍\u200d", "a\u200db", "ب\u200dب",
        "ا\u200cب", "\u200cب", "ᠨ\u180b\u180c", "🏴\U000e0061\U000e007f",
        "❤\ufe0f\ufe0f",
        "ب\u200d\u200cب", "क\u200cष",
    ],
    ids=ascii,
)  # fmt: skip
def test_a_joiner_that_changes_nothing_is_taken_out(marked: str) -> None:
    assert len(clean_comment(marked)) < len(marked)


@pytest.mark.parametrize(
    "space", "\t\u00a0\u2002\u2003\u2009\u202f\u205f\u3000", ids=ascii
)
def test_every_space_is_the_plain_one(space: str) -> None:
    assert (
        clean_comment(f"{space}一{space}{space}二{space}\n{space}三{space}")
        == "一 二\n三"
    )


def test_lines_end_one_way_and_no_more_than_one_is_empty() -> None:
    assert clean_comment("一\r\n二\r三\u2028四\u2029五\x85六\x0b七\n\n \n\n八\n") == (
        "一\n二\n三\n四\n五\n六\n七\n\n八"
    )
    assert clean_name("李\r\n强\n") == "李 强"


def test_signs_pile_up_on_no_letter_and_stand_on_none() -> None:
    piled = clean_comment("e" + "\u0323\u0330\u0316" * 50 + " 好")

    assert piled.startswith(("e", "ẹ"))
    assert sum(unicodedata.category(one) == "Mn" for one in piled) <= MOST_MARKS
    assert clean_comment("\u0301\u0302 \u20dd") == ""


def test_one_spelling_is_kept() -> None:
    assert clean_comment("Nguye\u0302\u0303n") == "Nguyễn"


def test_characters_are_counted_as_a_person_counts_them() -> None:
    assert (
        len(characters("".join(("👨\u200d👩\u200d👧\u200d👦", "क्षि", "🇨🇳", "é", "好"))))
        == 5
    )


def test_private_letters_of_a_name_are_noticed() -> None:
    assert has_private_characters("李\ue863")
    assert not has_private_characters("李䶮𠮷")


def test_no_character_of_unicode_stands_alone_unseen() -> None:
    for number in range(sys.maxunicode + 1):
        kept = clean_comment(chr(number))
        assert not kept or unicodedata.category(kept[0]) not in {
            "Cc",
            "Cf",
            "Cs",
            "Co",
            "Zs",
        }


ODD = st.text(
    st.one_of(st.sampled_from(UNSEEN + "".join(NEEDED) + " \n\t"), st.characters())
)


@given(ODD)
def test_cleaning_again_changes_nothing(typed: str) -> None:
    once = clean_comment(typed)

    assert clean_comment(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert clean_name(once) == clean_name(clean_name(once))
