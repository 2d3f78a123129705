"""By the weights of which posts a score is made of what was said about a subject."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from survey_app.domain.rated import Rated
from survey_app.domain.scheme import Post, Scheme, SubjectKind
from survey_app.models.rated import rated_in_cycle
from survey_app.models.survey import Survey


def posts_scored(
    session: Session, survey: Survey, scheme: Scheme, rated: Collection[Rated]
) -> dict[int, tuple[Post, ...]]:
    """Return subject → the posts, of all these subjects of the survey.

    A cadre is scored by its own post, as the survey and as the cycle's sheets know it,
    and a leading body by that of a principal. Where the satisfaction with a leading
    body counts in the sheets of the unit's cadres, it is scored by the post of each of
    them besides.
    """
    everybody = rated_in_cycle(session, survey.cycle_id)
    on_sheets = {one.id: one.post for one in everybody}
    is_taken_in = _is_taken_in(scheme, survey.component_key)
    taken = _posts_of_units(everybody) if is_taken_in else {}
    found = {}
    for one in rated:
        posts = {one.post, on_sheets.get(one.id, one.post)}
        if one.cadre is None:
            posts |= taken.get(one.unit_id, set())
        found[one.id] = tuple(sorted(posts))
    return found


def _is_taken_in(scheme: Scheme, component: str) -> bool:
    """Return whether cadres' sheets take this component from their leading body."""
    about_bodies = scheme.component(component).about is SubjectKind.LEADING_BODY
    return about_bodies and scheme.subject is SubjectKind.CADRE


def _posts_of_units(everybody: Iterable[Rated]) -> dict[int, set[Post]]:
    """Return unit → the posts of its cadres."""
    found: defaultdict[int, set[Post]] = defaultdict(set)
    for one in everybody:
        if one.cadre is not None:
            found[one.unit_id].add(one.post)
    return dict(found)
