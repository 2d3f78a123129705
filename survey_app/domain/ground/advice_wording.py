"""Advice on how a questionnaire is worded, each with its reason."""

from survey_app.domain.ground.marked import message

ADVICE_SENTENCES: dict[str, str] = {
    "advice-leading": message(
        "Question %(number)s leads: “%(found)s” says which answer is wanted. Ask so "
        "that both answers are equally easy to give."
    ),
    "advice-two-matters": message(
        "Question %(number)s may ask about two matters (“%(found)s”): who is content "
        "with one and not with the other has no answer. Ask two questions."
    ),
    "advice-long": message(
        "Question %(number)s has %(signs)s characters: on a phone long questions are "
        "skimmed. %(most)s are enough for most."
    ),
    "advice-absolute": message(
        "Question %(number)s says “%(found)s”: hardly anybody can say so of everything."
        " Ask how often, or how well."
    ),
    "advice-identity": message(
        "Question %(number)s asks for “%(found)s”: answers are promised to be without "
        "names, and whoever is asked who he is answers otherwise or not at all."
    ),
    "advice-no-dont-know": message(
        "Question %(number)s has neither “don't know” nor may it be left empty: who "
        "cannot tell must guess."
    ),
    "advice-unbalanced": message(
        "The choices of question %(number)s are unbalanced: %(good)s favourable, "
        "%(bad)s unfavourable. More of one kind draw answers there."
    ),
    "advice-repeated": message(
        "“%(found)s” stands in %(times)s questions. Say it once, in the introduction "
        "or above a section, and keep the questions short."
    ),
    "advice-many": message(
        "There are %(count)s questions. After about %(most)s people tick without "
        "reading; ask what nobody would use less."
    ),
}
