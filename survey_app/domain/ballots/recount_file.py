"""The file from which everybody can recount: opened lines, and hashes of the others."""

from collections.abc import Iterable

from survey_app.domain.ballots.canonical import sorted_text
from survey_app.domain.ballots.fragments import (
    Fragment,
    SubjectTally,
    leaf_of_text,
    written,
)


def recount_lines(fragments: Iterable[Fragment], posted: SubjectTally) -> list[str]:
    """Return one line a fragment, without line ends, sorted by leaf.

    Fragments of posted counts are written out; of all others there is the leaf alone,
    from which nobody can guess the answer, because the random id is missing.
    """
    return [line for _, line in sorted(_line(one, posted) for one in fragments)]


def _line(one: Fragment, posted: SubjectTally) -> tuple[str, str]:
    text = sorted_text(written(one))
    leaf = leaf_of_text(text).hex()
    groups = posted.get(one.subject_id, {})
    is_open = one.question_key in groups.get(one.rater_group, {})
    return leaf, text if is_open else sorted_text({"leaf": leaf})
