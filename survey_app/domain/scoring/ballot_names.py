"""What the numbers of ballots and the ways to compare them are called."""

from survey_app.domain.bilingual import Bilingual
from survey_app.domain.scheme import Comparator, Denominator

DENOMINATOR_NAMES = {
    Denominator.VALID: Bilingual("有效票", "valid ballots"),
    Denominator.VALID_WITH_ABSTENTIONS: Bilingual(
        "有效票与弃权票", "valid ballots and abstentions"
    ),
    Denominator.RESPONSES: Bilingual("全部答卷", "all responses"),
    Denominator.RETURNED: Bilingual("收回票数", "ballots returned"),
    Denominator.PRESENT: Bilingual("实到人数", "people present"),
    Denominator.ISSUED: Bilingual("发出票数", "ballots issued"),
    Denominator.MEMBERSHIP: Bilingual("应到人数", "the whole membership"),
}

COMPARATOR_NAMES = {
    Comparator.MORE_THAN: Bilingual("超过", "more than"),
    Comparator.AT_LEAST: Bilingual("达到", "at least"),
    Comparator.LESS_THAN: Bilingual("不足", "less than"),
    Comparator.AT_MOST: Bilingual("不超过", "at most"),
}
