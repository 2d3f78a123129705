"""The respondent's form: read strictly, and nothing of it lost."""

from dataclasses import dataclass
from urllib.parse import urlencode

import pytest

from survey_app.domain.ground.refusals import UnreadableForm
from survey_app.domain.questionnaire.answers import COMMENT_LIMIT
from survey_app.domain.questionnaire.ballot_rules import SheetRule
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.forms.answer_form import AnswerForm, Flaw
from survey_app.forms.sent_fields import CONTENT_TYPE
from tests.support.respondents import GOOD, QUESTIONNAIRE

SUBMISSION = "0123456789abcdef" * 2


@dataclass(frozen=True)
class OneOf:
    """A subject, as the form needs it."""

    id: int


@dataclass(frozen=True)
class Asking:
    """A channel, as the form needs it."""

    subjects: tuple[OneOf, ...] = (OneOf(7),)
    is_rehearsal: bool = False
    survey_id: int = 1
    channel_id: int = 2
    rater_group: str = "residents"
    questionnaire: Questionnaire = QUESTIONNAIRE
    rules: tuple[SheetRule, ...] = ()

    def gave_out(self, submission: str) -> bool:
        """Return that it is ours, whatever it is."""
        return bool(submission)


def form(*pairs: tuple[str, str], **fields: str) -> AnswerForm:
    """Return the form a browser would send: all good, changed by these fields."""
    sent = {**GOOD, "submission": SUBMISSION, **fields}
    body = urlencode([*sent.items(), *pairs]).encode()
    return AnswerForm.read(body, content_type=CONTENT_TYPE)


def flaws(*pairs: tuple[str, str], **fields: str) -> list[tuple[str, str]]:
    return [(f.field, f.why) for f in form(*pairs, **fields).flaws(Asking())]


def test_a_complete_form_becomes_an_answer_in_the_questionnaires_order() -> None:
    sent = form(comment=" 谢谢 ", solved="bad")

    answer = sent.to_response(Asking())

    assert sent.flaws(Asking()) == ()
    assert answer.picks == (("welcome", "good"), ("solved", "bad"))
    assert (answer.survey_id, answer.channel_id, answer.subject_id) == (1, 2, 7)
    assert (answer.rater_group, answer.comment) == ("residents", "谢谢")


def test_the_receipt_depends_on_the_submission_id_alone() -> None:
    assert form(solved="bad", comment="x").receipt == form().receipt
    assert form(submission="f" * 32).receipt != form().receipt


def test_every_flaw_is_named_in_the_order_of_the_page() -> None:
    body = urlencode({"solved": "perfect", "comment": "x" * 301, "else": "1"}).encode()
    sent = AnswerForm.read(body, content_type=CONTENT_TYPE)

    assert sent.flaws(Asking(subjects=(OneOf(7), OneOf(8)))) == (
        Flaw("", "unknown"),
        Flaw("subject", "missing"),
        Flaw("welcome", "missing"),
        Flaw("solved", "unknown"),
        Flaw("comment", "long"),
        Flaw("submission", "stale"),
    )


def test_two_choices_for_one_question_are_none() -> None:
    sent = form(("solved", "bad"))

    assert flaws(("solved", "bad")) == [("solved", "twice")]
    assert (sent.picked("solved"), sent.picked("welcome")) == (None, "good")


def test_the_same_choice_twice_is_two_choices() -> None:
    assert flaws(("solved", "good")) == [("solved", "twice")]


@pytest.mark.parametrize(
    ("sent", "why"), [("", "unknown"), ("9", "unknown"), ("٧", "unknown")]
)
def test_whoever_is_rated_is_among_those_offered(sent: str, why: str) -> None:
    assert flaws(subject=sent) == [("subject", why)]


def test_of_several_subjects_the_chosen_one_is_rated() -> None:
    several = Asking(subjects=(OneOf(7), OneOf(8)))

    assert form(subject="8").flaws(several) == ()
    assert form(subject="8").to_response(several).subject_id == 8
    twice = form(("subject", "7"), subject="8")
    assert twice.flaws(several) == (Flaw("subject", "twice"),)


@pytest.mark.parametrize(
    "wrong", ["", "0" * 31, "0" * 33, "G" * 32, "A" * 32, "٠" * 32, "0" * 30 + "\n0"]
)
def test_only_an_id_of_ours_is_a_submission_id(wrong: str) -> None:
    assert flaws(submission=wrong) == [("submission", "stale")]


def test_two_submission_ids_are_none() -> None:
    assert flaws(("submission", "f" * 32)) == [("submission", "stale")]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("一行\r\n二行\r三行", "一行\n二行\n三行"),
        ("a\x00b\x1b[31mc\u0085d", "ab[31mc\nd"),
        ("\t 制表\t符 ", "制表 符"),
        ("\u200b\u3164\u202e", ""),
        ("👍🏽 好", "👍🏽 好"),
    ],
)
def test_a_comment_is_kept_as_text(written: str, kept: str) -> None:
    assert form(comment=written).comment == kept


def test_line_ends_count_once_like_in_the_browser() -> None:
    assert flaws(comment="\r\n".join("字" * 150)) == []
    assert flaws(comment="字" * COMMENT_LIMIT) == []
    assert flaws(comment="字" * (COMMENT_LIMIT + 1)) == [("comment", "long")]


@pytest.mark.parametrize(
    "one",
    ["👨\u200d👩\u200d👧\u200d👦", "👩🏽\u200d❤\ufe0f\u200d💋\u200d👨🏽", "🇨🇳", "क्षि"],
)
def test_a_character_is_what_a_person_counts(one: str) -> None:
    assert flaws(comment=one * COMMENT_LIMIT) == []
    assert flaws(comment=one * (COMMENT_LIMIT + 2)) == [("comment", "long")]
    assert form(comment=one * (COMMENT_LIMIT + 2)).surplus == 2


def test_one_character_made_of_thousands_finds_no_room() -> None:
    assert flaws(comment="👨\u200d" * 3000 + "👨") == [("comment", "wide")]
    family = "👨🏽\u200d👩🏽\u200d👧🏽\u200d👦🏽"
    assert flaws(comment=family * 500) == [("comment", "wide")]
    assert flaws(comment="好" * 301) == [("comment", "long")]


def test_comments_sent_twice_are_both_kept() -> None:
    assert form(("comment", "二"), comment="一").comment == "一\n二"


@pytest.mark.parametrize(
    "body",
    [
        b"welcome=\xff",
        b"welcome=%FF",
        b"welcome=%ED%A0%80",
        "welcome=满意".encode("gb18030"),
    ],
    ids=["bytes", "percent", "surrogate", "gb18030"],
)
def test_bytes_that_are_no_text_are_no_choice(body: bytes) -> None:
    sent = AnswerForm.read(body + b"&solved=good", content_type=CONTENT_TYPE)

    assert Flaw("welcome", "unknown") in sent.flaws(Asking())
    assert sent.picked("solved") == "good"


def test_more_fields_than_any_questionnaire_are_no_form() -> None:
    with pytest.raises(UnreadableForm):
        AnswerForm.read(b"&".join([b"a=1"] * 501), content_type=CONTENT_TYPE)


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data"])
def test_another_kind_of_body_is_refused(kind: str) -> None:
    with pytest.raises(UnreadableForm):
        AnswerForm.read(b"welcome=good", content_type=kind)


def test_asking_for_another_look_is_no_flaw() -> None:
    assert form(redraw="1").redraws
    assert flaws(redraw="1") == []
