"""From named ratings to their mean: every one is a part that says who signed it."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from survey_app.domain.counting.evidence import NamedRating
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import remark
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.scoring.score_sheet import Kind, Node
from survey_app.domain.scoring.worked import Worked, no_value

WHOLE = ""
"""Stands for the rater group where a whole component consists of named ratings."""


def named_score(
    ratings: Sequence[NamedRating], where: Bilingual, full_marks: Fraction
) -> Worked:
    """Return the mean of the points; without a rating, or beyond the scale, none."""
    if not ratings:
        return no_value(remark("no-named-rating", where=where))
    for rating in ratings:
        if not 0 <= rating.points <= full_marks:
            reason = remark(
                "value-out-of-range",
                where=where,
                value=in_digits(rating.points),
                out_of=in_digits(full_marks),
            )
            return no_value(reason, void=True)
    children = tuple(
        _node(number, rating, len(ratings))
        for number, rating in enumerate(ratings, start=1)
    )
    value = sum((rating.points for rating in ratings), Fraction(0)) / len(ratings)
    rule = remark("named-mean", ratings=len(ratings), out_of=in_digits(full_marks))
    return Worked(value, rule, children)


def _node(number: int, rating: NamedRating, among: int) -> Node:
    """Return one rating; whoever signed it is its name."""
    who, capacity = rating.rater, rating.capacity
    node = Node(
        kind=Kind.RATING,
        key=f"named-{number}",
        label=Bilingual(f"{who}（{capacity}）", f"{who} ({capacity})"),
        value=rating.points,
        weight=None,
        rule=remark("named-rating", reason=rating.reason),
        source=Bilingual(rating.source, rating.source),
    )
    return replace(node, contribution=rating.points / among)
