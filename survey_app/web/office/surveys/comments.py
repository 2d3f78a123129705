"""Comments as two readers release them, and as they were released.

Word for word they are for the organization department alone.
"""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DECIDE, INSPECT, REVIEW
from survey_app.analytics.comment_themes import themes_told
from survey_app.analytics.comments import (
    Comments,
    WrittenComment,
    comment_at,
    comments_of,
    released_page,
    some_waiting,
    some_withheld,
    waiting_page,
    whole_comments_of,
)
from survey_app.analytics.paging import ListPage
from survey_app.database import session, writer
from survey_app.domain.ground.account_refusals import OwnMatter
from survey_app.domain.ground.refusals import NotAllowed, NotFound
from survey_app.forms.comment_forms import CommentForm
from survey_app.survey import review_comment as reviewing
from survey_app.survey.rated import rated_some
from survey_app.survey.review_comment import Review, Verdict
from survey_app.web.clock import today
from survey_app.web.office.access import allow, current_account
from survey_app.web.office.listing import Listing, listing
from survey_app.web.office.pages import pages

COMMENTS = "/surveys/<int:survey_id>/results/<int:subject_id>/comments"
WHOLE = "/surveys/<int:survey_id>/results/units/<int:unit_id>/comments"
"""What was written on ballots about all of a unit, and nobody of it by himself."""


@pages.get(COMMENTS)
@pages.get(WHOLE)
@allow(REVIEW, DECIDE, INSPECT, scoped=True)
def comments(survey_id: int, subject_id: int = 0, unit_id: int = 0) -> str:
    """Show what was released, or that too few wrote anything."""
    told, asks = comments_about(survey_id, subject_id, unit_id), listing()
    return render_template(
        "office/surveys/comments.html",
        told=told,
        listing=asks,
        page=released_page(session(), told, asks.asked) if told.is_open else None,
        some_withheld=some_withheld(session(), told),
        some_waiting=some_waiting(session(), told),
        themes=themes_told(session(), told),
    )


def comments_about(survey_id: int, subject_id: int, unit_id: int = 0) -> Comments:
    """Return the comments about a subject, or where a unit is named about all of it.

    Raises NotFound, ResultsSealed while answers can come, or OwnMatter: whoever is
    rated there is one of those it is about.
    """
    if not unit_id:
        return comments_of(session(), survey_id, subject_id=subject_id, today=today())
    account = current_account()
    own = account.standing.own_subjects if account else frozenset()
    if any(one.unit_id == unit_id for one in rated_some(session(), survey_id, own)):
        raise OwnMatter
    return whole_comments_of(session(), survey_id, unit_id=unit_id, today=today())


@pages.get(f"{COMMENTS}/review")
@pages.get(f"{WHOLE}/review")
@allow(REVIEW, scoped=True)
def comment_reviews(survey_id: int, subject_id: int = 0, unit_id: int = 0) -> str:
    """List the raw texts: those that wait for this reader first."""
    told = comments_about(survey_id, subject_id, unit_id)
    mine = listing(prefix="m", anchor="mine", keep=("opage",))
    others = listing(prefix="o", anchor="others", keep=("mpage",))
    return render_template(
        "office/surveys/comment_reviews.html",
        told=told,
        reader=_reader(),
        lists=(mine, others),
        mine=_waiting(told, mine, is_mine=True),
        others=_waiting(told, others, is_mine=False),
    )


def _waiting(
    told: Comments, asks: Listing, *, is_mine: bool
) -> ListPage[WrittenComment]:
    return waiting_page(session(), told, asks.asked, reader=_reader(), is_mine=is_mine)


@pages.get(f"{COMMENTS}/<int:slot>/<comment_id>")
@pages.get(f"{WHOLE}/<int:slot>/<comment_id>")
@allow(REVIEW, scoped=True)
def read_comment(
    survey_id: int, slot: int, comment_id: str, subject_id: int = 0, unit_id: int = 0
) -> str:
    """Show one raw text, what the other reader made of it, and ask for a verdict."""
    told = comments_about(survey_id, subject_id, unit_id)
    comment = comment_at(session(), told, slot, _key(comment_id))
    return _page(told, comment, CommentForm(comment.text, _proposed(comment)))


@pages.post(f"{COMMENTS}/<int:slot>/<comment_id>")
@pages.post(f"{WHOLE}/<int:slot>/<comment_id>")
@allow(REVIEW, scoped=True)
def review_comment(
    survey_id: int, slot: int, comment_id: str, subject_id: int = 0, unit_id: int = 0
) -> ResponseReturnValue:
    """Keep the verdict and go on to the next text that waits."""
    told = comments_about(survey_id, subject_id, unit_id)
    comment = comment_at(session(), told, slot, _key(comment_id))
    form = CommentForm(comment.text)
    if not form.validate():
        return _page(told, comment, form), 422
    reviewing.review_comment(
        writer(),
        slot=slot,
        comment_id=comment.id,
        account=_reader(),
        verdict=form.verdict,
        text=form.text.data or "",
    )
    flash(_("Your verdict is kept."))
    return redirect(_next(comments_about(survey_id, subject_id, unit_id)), 303)


def _page(told: Comments, comment: WrittenComment, form: CommentForm) -> str:
    return render_template(
        "office/surveys/comment_review.html",
        told=told,
        comment=comment,
        form=form,
        reader=_reader(),
    )


def _next(told: Comments) -> str:
    """Return the address of the next text that waits for this reader, or the list."""
    for one in _waiting(told, listing(), is_mine=True).rows:
        return url_for(
            ".read_comment",
            **told.place,
            slot=one.slot,
            comment_id=one.id.hex(),
        )
    return url_for(".comment_reviews", **told.place)


def _proposed(comment: WrittenComment) -> Review | None:
    """Return whose edit stands in the box: another reader's before one's own."""
    passed = (r for r in comment.of_others(_reader()) if r.verdict is Verdict.PASS)
    return next(passed, comment.by(_reader()))


def _reader() -> str:
    """Return the name of the account that reads; raises NotAllowed without one."""
    account = current_account()
    if account is None:
        raise NotAllowed
    return account.username


def _key(comment_id: str) -> bytes:
    """Return the key an address names; raises NotFound."""
    try:
        return bytes.fromhex(comment_id)
    except ValueError:
        raise NotFound from None
