"""A question is called by what it asks, never by a number, and by no other's name."""

from hypothesis import given
from hypothesis import strategies as st

from survey_app.analytics.charts.short_names import short_names


def test_what_all_questions_say_is_left_out() -> None:
    asked = [
        "您对办事效率是否满意？",
        "您对服务态度是否满意？",
        "您对公开公平是否满意？",
    ]
    whole = "总的来说，您对本单位是否满意？"
    english = [
        "How staff treat people: are you satisfied or dissatisfied?",
        "How quickly matters are dealt with: are you satisfied or dissatisfied?",
    ]

    assert short_names([*asked, whole])[:3] == ("办事效率", "服务态度", "公开公平")
    assert short_names([*asked, whole])[3] == "总的来说，您对本单位"
    assert short_names(english) == (
        "How staff treat people",
        "How quickly matters are dealt with",
    )


def test_no_word_is_torn_and_a_question_alone_keeps_its_text() -> None:
    assert short_names(["Fairness", "Fairy tales"]) == ("Fairness", "Fairy tales")
    assert short_names(["总体评价"]) == ("总体评价",)


def test_a_number_alone_is_nobodys_name() -> None:
    """Their texts differ in a number, in the midst of words or at the end."""
    asked = [f"您对窗口 {n} 号的服务是否满意？" for n in (9, 10, 11)]
    ratings = [f"Please give a rating out of {n}" for n in (10, 20)]

    assert short_names(asked) == tuple(one.rstrip("？") for one in asked)
    assert short_names(ratings) == tuple(ratings)
    assert short_names(["Rate it: 10 – 20", "Rate it: fairness"])[0] != "10 – 20"


TEXTS = st.lists(
    st.text("您对办事是否满意？ab c10", min_size=3, max_size=9), unique=True
)


@given(TEXTS)
def test_every_name_is_a_part_of_its_text_and_different_texts_differ(
    texts: list[str],
) -> None:
    names = short_names(texts)

    for name, text in zip(names, texts, strict=True):
        assert name in text
        assert any(map(str.isalpha, name)) or not any(map(str.isalpha, text))
    bare = {text.strip(" ，、；：。？！,.;:?!—-") for text in texts}
    if len(bare) == len(texts):
        assert len(set(names)) == len(names)
