"""Weights as a scheme file writes them: one for all, or one for each kind of post."""

from fractions import Fraction

from survey_app.domain.files.checked_table import CheckedTable
from survey_app.domain.files.written_value import POINTS
from survey_app.domain.scheme import Post, Weight
from survey_app.domain.stated import assumed

EQUAL = Weight(assumed(Fraction(1)), assumed(Fraction(1)))
"""What every rater group weighs where all answers are pooled."""


def weight_of(table: CheckedTable) -> Weight:
    """Return the weight written at `weight`, the same or different for the posts."""
    written = table.content.get("weight")
    if isinstance(written, dict) and set(Post) & written.keys():
        posts = table.table("weight")
        return Weight(
            principal=posts.stated(Post.PRINCIPAL, POINTS),
            deputy=posts.stated(Post.DEPUTY, POINTS),
        )
    one = table.stated("weight", POINTS)
    return Weight(one, one)
