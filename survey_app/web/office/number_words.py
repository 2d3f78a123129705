"""Exact numbers as people read them on the office's pages; the rounding is the last."""

from fractions import Fraction

from survey_app.analytics.rate_meaning import Interval, rate_meaning, wilson
from survey_app.domain.counting.ballots_handed_in import (
    COMPARATOR_NAMES,
    DENOMINATOR_NAMES,
)
from survey_app.domain.counting.shares import Share
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.alert_watch import AlertKind
from survey_app.domain.scheme.scheme import AlertRule, Denominator, Rate
from survey_app.domain.scoring.score_sheet import rounded
from survey_app.web.language import words
from survey_app.web.office.pages import pages


@pages.app_template_filter("per_cent")
def per_cent(share: Fraction) -> str:
    """Return a share as per cent with one decimal, such as "35.4%"."""
    return f"{rounded(share * 100, 1)}%"


@pages.app_template_filter("points")
def points(value: Fraction, places: int) -> str:
    """Return a score in digits, rounded once."""
    return rounded(value, places)


@pages.app_template_filter("exact")
def exact(value: Fraction) -> str:
    """Return the number without any rounding: a whole number, or "a/b"."""
    return str(value)


@pages.app_template_filter("interval")
def interval(found: Interval | None) -> str:
    """Return an interval of a share, such as "26.6–45.4%", or nothing."""
    if found is None:
        return ""
    return f"{found.low * 100:.1f}–{found.high * 100:.1f}%"


@pages.app_template_filter("wilson")
def interval_of(share: Share) -> str:
    """Return the interval of a rate."""
    return interval(wilson(share.numerator, share.denominator or 0))


@pages.app_template_filter("denominator")
def denominator(kind: Denominator) -> str:
    """Return what a denominator is called."""
    return words(DENOMINATOR_NAMES[kind])


WATCHED = {
    AlertKind.SHARE: Bilingual(
        "比例{comparator}{threshold}（计算基数：{whole}）",
        "a share of {comparator} {threshold} (of {whole})",
    ),
    AlertKind.RISE: Bilingual(
        "比例较上一年度上升达到{rise}而未越线（界限：{comparator}{threshold}；计算基数：{whole}）",
        "a rise of at least {rise} since the last cycle that stays short of "
        "{comparator} {threshold} (of {whole})",
    ),
    AlertKind.YEARS: Bilingual(
        "连续{years}个年度比例{comparator}{threshold}（计算基数：{whole}）",
        "a share of {comparator} {threshold}, {years} cycles running (of {whole})",
    ),
    AlertKind.RATING: Bilingual(
        "出现差评即逐件办理（计算基数：{whole}）",
        "any bad rating at all (of {whole})",
    ),
}
"""What a rule watches → when it raises an alert."""


@pages.app_template_filter("threshold_words")
def threshold_words(rule: AlertRule) -> str:
    """Return when an alert rule crosses, such as "a share of more than 1/3 (of …)"."""
    watch = rule.watch
    return words(WATCHED[watch.kind]).format(
        comparator=words(COMPARATOR_NAMES[rule.comparator.value]),
        threshold=rule.threshold.value,
        whole=denominator(rule.denominator.value),
        rise=watch.rise.value if watch.rise else "",
        years=watch.years.value if watch.years else "",
    )


@pages.app_template_filter("meaning")
def meaning(rate: Rate, questionnaire: Questionnaire) -> str:
    """Return which choices a rate counts, and of which ballots."""
    return words(rate_meaning(rate, questionnaire))
