"""What a rate is, in one line; and how far a share could be from the truth."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from survey_app.domain.counting.ballots_handed_in import DENOMINATOR_NAMES
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Denominator, Rate

Z = NormalDist().inv_cdf(0.975)
"""1.959964: 2.5 % of the normal distribution lie above."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a share lies with 95 % confidence; both ends between 0 and 1."""

    low: float
    high: float


def wilson(part: int, whole: int) -> Interval | None:
    """Return Wilson's two-sided 95 % interval of part/whole; never for a threshold.

    Wilson, "Probable inference, the law of succession, and statistical inference"
    (Journal of the American Statistical Association 22, 1927, pp. 209-212): the true
    shares from which the one that was seen lies at most z standard errors away, without
    correction for continuity. Brown, Cai and DasGupta (2001) recommend it for small
    numbers.

    With nobody (0 of 0) there is none: None. With one single answer it runs from 0 to
    0.79 or from 0.21 to 1: one answer tells next to nothing, and the interval says so.
    """
    if whole == 0:
        return None
    return Interval(_low(part, whole), 1 - _low(whole - part, whole))


def _low(part: int, whole: int) -> float:
    """Return the smaller root π of (part/whole - π)² = z²·π(1 - π)/whole.

    It is exactly 0 where part is 0, since the root of z·z/4 is exactly z/2.
    """
    spread = Z * sqrt(part * (whole - part) / whole + Z * Z / 4)
    return (part + Z * Z / 2 - spread) / (whole + Z * Z)


MEANINGS = {
    Denominator.VALID: Bilingual(
        "不含“不了解”、弃权和未答", "without “don't know”, abstentions and blanks"
    ),
    Denominator.VALID_WITH_ABSTENTIONS: Bilingual(
        "含弃权，不含“不了解”和未答",
        "with abstentions, without “don't know” and blanks",
    ),
    Denominator.RESPONSES: Bilingual(
        "含“不了解”、弃权和未答", "with “don't know”, abstentions and blanks"
    ),
    Denominator.RETURNED: Bilingual("含无效票", "with the invalid ones"),
    Denominator.PRESENT: Bilingual("以到场人数计", "whether they answered or not"),
    Denominator.ISSUED: Bilingual("含未收回的票", "with those not returned"),
    Denominator.MEMBERSHIP: Bilingual("含未到场人员", "with those not present"),
}
"""What is among the ballots a share is taken of; see `ballot_counts`."""

FORMULA = Bilingual(
    "{rate}＝（{choices}）÷{whole}（{whole}：{meaning}）",
    "{rate} = ({choices}) ÷ {whole} ({whole}: {meaning})",
)
PLUS = Bilingual("＋", " + ")
OR = Bilingual("／", " / ")


def rate_meaning(rate: Rate, questionnaire: Questionnaire) -> Bilingual:
    """Return the line, such as "满意率＝（满意＋基本满意）÷有效票（有效票：…）"."""
    labels = [_label(questionnaire, choice) for choice in _counted(rate, questionnaire)]
    kind = rate.denominator.value

    def line(language: str) -> str:
        return FORMULA.in_language(language).format(
            rate=rate.label.in_language(language),
            choices=PLUS.in_language(language).join(
                label.in_language(language) for label in labels
            ),
            whole=DENOMINATOR_NAMES[kind].in_language(language),
            meaning=MEANINGS[kind].in_language(language),
        )

    return Bilingual(line("zh"), line("en"))


def _counted(rate: Rate, questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the rate's choices in the order in which people read them."""
    read = [choice.key for q in questionnaire.ratings for choice in q.choices]
    order = {key: place for place, key in enumerate(dict.fromkeys(read))}
    return tuple(sorted(rate.choices, key=lambda key: order.get(key, len(order))))


def _label(questionnaire: Questionnaire, choice: str) -> Bilingual:
    """Return what the choice is called; every name of it, where questions differ."""
    found = list(dict.fromkeys(_labels(questionnaire, choice)))
    return Bilingual(
        OR.zh.join(dict.fromkeys(label.zh for label in found)) or choice,
        OR.en.join(dict.fromkeys(label.en for label in found)) or choice,
    )


def _labels(questionnaire: Questionnaire, key: str) -> Iterator[Bilingual]:
    for question in questionnaire.ratings:
        for choice in question.choices:
            if choice.key == key:
                yield choice.label
