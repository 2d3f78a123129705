"""By the weights of which posts a score is made of what was said about a subject."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.scheme import Post, Scheme, SubjectKind
from survey_app.models.cadre import Cadre
from survey_app.models.subject import Subject


def posts_scored(
    session: Session, scheme: Scheme, component: str, subjects: Collection[int]
) -> dict[int, tuple[Post, ...]]:
    """Return subject → the posts, of all these subjects.

    A cadre is scored by its own post and a leading body by that of a principal. Where
    the satisfaction with a leading body counts in the sheets of the unit's cadres, it
    is scored by the post of each of them besides.
    """
    ours = (
        select(Subject.id, Subject.unit_id, Cadre.post)
        .join(Cadre, Cadre.id == Subject.cadre_id, isouter=True)
        .where(Subject.id.in_(subjects))
    )
    taken = _posts_of_units(session) if _is_taken_in(scheme, component) else {}
    found = {}
    for subject, unit, own in session.execute(ours):
        posts = {Post(own)} if own else {Post.PRINCIPAL, *taken.get(unit, ())}
        found[subject] = tuple(sorted(posts))
    return found


def _is_taken_in(scheme: Scheme, component: str) -> bool:
    """Return whether cadres' sheets take this component from their leading body."""
    about_bodies = scheme.component(component).about is SubjectKind.LEADING_BODY
    return about_bodies and scheme.subject is SubjectKind.CADRE


def _posts_of_units(session: Session) -> dict[int, set[Post]]:
    """Return unit → the posts of its cadres."""
    cadres = select(Subject.unit_id, Cadre.post).join(Subject.cadre).distinct()
    found: defaultdict[int, set[Post]] = defaultdict(set)
    for unit, post in session.execute(cadres):
        found[unit].add(Post(post))
    return dict(found)
