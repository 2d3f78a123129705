"""One reader for every code that is typed: whatever a keyboard or a messenger adds."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.ballot.paper.ticket import (
    in_groups,
    new_ticket_code,
    ticket_code_of,
    tracker_prefix,
)
from survey_app.domain.ground.printed_code import ALPHABET, channel_code, symbols
from survey_app.domain.ground.typed_code import (
    RECEIPT,
    SURVEY,
    TICKET,
    TRACKER,
    CodeFlaw,
    CodeForm,
    channel_code_in,
    codes_in,
    flaw_in,
    form_of,
    shown_again,
)

KEY = b"k" * 32
RAW = bytes(range(200, 215))
CODES: dict[CodeForm, str] = {
    SURVEY: channel_code(RAW, KEY),
    RECEIPT: "2XPD0W1ZK9M7QB3A",
    TRACKER: "7H1K0ZB9W2XPD4MQ8RTC",
    TICKET: new_ticket_code(RAW),
}
READERS: dict[CodeForm, Callable[[str], str | None]] = {
    SURVEY: lambda typed: channel_code_in(typed, KEY),
    RECEIPT: lambda typed: next(codes_in(typed, RECEIPT), None),
    TRACKER: tracker_prefix,
    TICKET: ticket_code_of,
}
NAMES = {SURVEY: "survey", RECEIPT: "receipt", TRACKER: "tracker", TICKET: "ticket"}
LETTERS = {SURVEY: "s/", RECEIPT: "r/", TRACKER: "", TICKET: "b#"}
TO_CYRILLIC = str.maketrans("ABCEHKMPTX", "АВСЕНКМРТХ")
TO_GREEK = str.maketrans("ABEZHKMNPTX", "ΑΒΕΖΗΚΜΝΡΤΧ")

of_each = pytest.mark.parametrize("form", CODES, ids=NAMES.get)


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


DASHES = [chr(n) for n in range(0x10000) if unicodedata.category(chr(n)) == "Pd"] + [
    "−", "~", "～", "∼", "_", "·", "•", ".", "ー", "─", "一", "/",
]  # fmt: skip
SPACES = [" ", "\u3000", "\u00a0", "\u2009", "\t", "\r\n", "\u200b", "\u2060",
          "\ufeff", "\u00ad", "\u200e", "\u202e", "\ufe0f", "\u3164", "\u2800", "\0",
          "\U000e0041"]  # fmt: skip


@of_each
def test_a_code_is_read_with_any_dash_or_space_between_its_groups(
    form: CodeForm,
) -> None:
    code = CODES[form]
    for between in (*DASHES, *SPACES, "", " - ", "——", "- \n"):
        typed = in_groups(code, form.group).replace("-", between)

        assert READERS[form](typed) == code, ascii(between)


@of_each
@pytest.mark.parametrize(
    "around",
    [
        "回执号：{}", "测评码:{}。", "（{}）", "【{}】", "“{}”", "「{}」，谢谢！",
        "<{}>",
        "code: {}", "my code is {}", "Code {} thanks", "您好，我的码是{}请查收",
        "{}\n\n发自我的手机", "\u200e{}\u200f", "1. {}", "paper slip {} ok", "#{}",
        "{}&from=singlemessage", "{}?x=1", "{}%0A", "%E3%80%82{}%20", "'{}';",
        "please read {} to me", "{} 2026-05-01",
    ],
)  # fmt: skip
def test_a_code_is_found_among_words(form: CodeForm, around: str) -> None:
    code = CODES[form]
    for typed in (code, in_groups(code, form.group), in_groups(code.lower(), 5)):
        found = READERS[form](around.format(typed))
        # The length alone cannot tell a receipt from four words: all are asked for.
        others = list(codes_in(around.format(typed), form))

        assert found == code or (form in (RECEIPT, TRACKER) and code in others[:8])


@of_each
def test_a_code_pasted_behind_itself_is_the_code(form: CodeForm) -> None:
    code = CODES[form]
    for typed in (code, in_groups(code, form.group), in_groups(code.lower(), 5)):
        for between in ("", " ", "\n", "-"):
            assert READERS[form](typed + between + typed) == code, typed


@of_each
@pytest.mark.parametrize(
    "address",
    [
        "http://survey.example.gov.cn:8000/{}", "HTTPS://PJ.QH.GOV.CN/{}",
        "survey.example.cn/{}", "https://example.cn/xinyang/{}?lang=en&size=large",
        "【群众评议】请点击 https://a.cn/{} 参与", "https%3A%2F%2Fa.cn%2F{}",
        "http://a.cn/{}/", "http://a.cn/{}。",
    ],
)  # fmt: skip
def test_a_code_is_found_in_its_address(form: CodeForm, address: str) -> None:
    code = CODES[form]
    for typed in (code, code.lower(), in_groups(code, form.group)):
        assert READERS[form](address.format(LETTERS[form] + typed)) == code


@of_each
def test_a_code_is_read_from_other_alphabets(form: CodeForm) -> None:
    code = CODES[form]
    for typed in (
        full_width(in_groups(code, form.group)),
        full_width(code.lower()),
        code.replace("0", "O").replace("1", "I"),
        code.lower().replace("0", "о").replace("1", "l"),
        code.replace("0", "〇"),
        code.translate(TO_CYRILLIC),
        code.translate(TO_GREEK),
        "".join(chr(0x1D400 + ord(c) - 65) if c.isalpha() else c for c in code),
        "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in code),
    ):
        assert READERS[form](typed) == code, ascii(typed)


@of_each
@given(data=st.data())
def test_whatever_is_put_around_a_code_it_is_among_those_that_are_meant(
    form: CodeForm, data: st.DataObject
) -> None:
    around = st.text(
        st.sampled_from("：，。（）【】“”、 \u3000\u200b:;!?/#&=码回执是请您"),
        max_size=20,
    )
    between = st.sampled_from(["", *DASHES[:6], *SPACES[:8]])
    group = form.group
    groups = [CODES[form][n : n + group] for n in range(0, form.symbols, group)]
    typed = groups[0] + "".join(data.draw(between) + part for part in groups[1:])

    assert READERS[form](data.draw(around) + typed + data.draw(around)) == CODES[form]


@pytest.mark.parametrize("glue", ["code{}", "{}ok", "Nummer{}", "from{}s"])
def test_a_survey_code_is_found_where_a_word_touches_it(glue: str) -> None:
    assert channel_code_in(glue.format(CODES[SURVEY]), KEY) == CODES[SURVEY]


def test_the_long_form_of_a_tracker_is_read_too() -> None:
    assert tracker_prefix(f"回执：{'ab' * 16}\n{'ab' * 16}。") == tracker_prefix(
        "ab" * 32
    )
    assert tracker_prefix("ab" * 32) == symbols(b"\xab" * 32, 20)


@of_each
@pytest.mark.parametrize("around", ["{}", "码：{}。", "【{}】", " {}\n"])
def test_a_symbol_too_few_or_too_many_is_counted(form: CodeForm, around: str) -> None:
    code = CODES[form]

    for typed, count in ((code[:-1], -1), (code + "7", 1)):
        unread = flaw_in(around.format(typed), form)
        assert unread is not None
        assert (unread.flaw, unread.count) == (CodeFlaw.COUNT, form.symbols + count)


@of_each
@pytest.mark.parametrize("symbol", ["U", "u", "É", "Ж"])
def test_a_letter_that_stands_in_no_code_is_named(form: CodeForm, symbol: str) -> None:
    code = in_groups(CODES[form], form.group)

    unread = flaw_in(f"码：{code[:-1]}{symbol}。", form)

    assert unread is not None
    assert (unread.flaw, unread.symbol) == (CodeFlaw.FOREIGN, symbol.upper())


@pytest.mark.parametrize(
    ("typed", "flaw"),
    [
        ("", CodeFlaw.EMPTY),
        (" \u3000\u200b\u2800", CodeFlaw.EMPTY),
        ("——", CodeFlaw.COUNT),
        ("满意", CodeFlaw.COUNT),
        ("A" * 1001, CodeFlaw.MUCH),
        ("\ufdfa" * 999, CodeFlaw.COUNT),
    ],
)
def test_what_holds_no_code_says_why(typed: str, flaw: CodeFlaw) -> None:
    unread = flaw_in(typed, SURVEY)

    assert unread is not None
    assert unread.flaw is flaw


@of_each
@pytest.mark.parametrize(
    "around", ["{}", "{} ", "码：{}。", "my code is {}", "/x/{}?y"]
)
def test_a_code_in_the_wrong_field_is_recognised(form: CodeForm, around: str) -> None:
    code = CODES[form]
    for typed in (code, in_groups(code, form.group), full_width(code)):
        assert form_of(around.format(typed)) is form


@given(st.text(max_size=60))
def test_no_text_is_a_fault_of_ours(typed: str) -> None:
    for form in CODES:
        for code in codes_in(typed, form):
            assert len(code) == form.symbols
            assert set(code) <= set(ALPHABET)
        flaw_in(typed, form)
    form_of(typed)
    assert shown_again(typed).isprintable()


def test_what_comes_back_fits_a_field() -> None:
    assert shown_again(" a\u3000b\r\nc\0\u202e ") == "a b c"
    assert len(shown_again("长" * 5000)) == 200
