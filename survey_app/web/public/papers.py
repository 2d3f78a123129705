"""The papers of secret ballots: what was fixed, what came out, how to check it.

Everybody may read them; nothing here asks for a code. Only what was said about named
persons, and is needed to recount it, asks for the key on the signed minute, unless the
manifest says that everybody may read that too. The key comes in a body, never in an
address.
"""

from collections.abc import Iterable

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from survey_app.analytics.ballot_papers import (
    BallotPapers,
    found_tracker,
    fragment_lines,
    papers_of,
    posted_page,
    tracker_lines,
    waiting_ballots,
)
from survey_app.analytics.paging import ListAsked
from survey_app.analytics.paper_names import ballot_titles, paper_names, paper_page
from survey_app.ballot.paper.head import Head
from survey_app.ballot.paper.ticket import opens_papers, papers_key, tracker_prefixes
from survey_app.database import OUT_OF_REACH, ballot_engine_if_any, session
from survey_app.domain.counting.batch_counts import NAMES
from survey_app.domain.ground.canonical import fingerprint_of
from survey_app.domain.ground.refusals import NotFound, NotKept
from survey_app.domain.ground.typed_code import TRACKER as TRACKER_FORM
from survey_app.domain.ground.typed_code import shown_again
from survey_app.domain.ground.written_value import tidy_code
from survey_app.forms.ballot_form import KEY, TRACKER, SentBallot
from survey_app.settings import Settings
from survey_app.web.code_field import ASKED_AT_MOST, CodeField, is_slip, wrong_field
from survey_app.web.errors import refuse
from survey_app.web.headers import WHOLE
from survey_app.web.language import asked
from survey_app.web.sent_body import sent_body

KEPT = f"max-age={24 * 60 * 60}, immutable"
"""A day: what the result fixed never changes, and asking again costs little. A file
sent as it is read has no length: nobody but the reader may keep it, as a proxy could
not see that it was cut short."""
KEYED = ("head.json", "fragments.jsonl")
LONGEST, MOST_DIGITS = 80, 6
"""Signs of a search for a unit, and digits of a page's number."""

pages = Blueprint("ballot_papers", __name__, url_prefix="/b")


def init_app(app: Flask) -> None:
    """Post the papers."""
    app.register_blueprint(pages)


@pages.get("/papers")
def papers() -> str:
    """List the ballots whose manifest is posted."""
    ballots = ballot_engine_if_any()
    page = posted_page(ballots, _asked_for()) if ballots else None
    numbers = [one.survey_id for one in page.rows] if page else []
    titles = ballot_titles(session(), numbers)
    return render_template("ballot/papers.html", page=page, titles=titles)


@pages.get("/papers/<int:survey_id>")
def paper(survey_id: int) -> str:
    """Show the manifest of a ballot and, once its box was opened, the result."""
    _, shown = _posted(survey_id)
    return _paper(shown)


@pages.get("/papers/<int:survey_id>/manifest.json")
def manifest_file(survey_id: int) -> Response:
    """Give the manifest with its signature."""
    _, shown = _posted(survey_id)
    return _file([shown.manifest_paper], "manifest.json")


@pages.get("/papers/<int:survey_id>/closing.json")
def closing_file(survey_id: int) -> Response:
    """Give what was signed when the box closed; raises NotFound before that."""
    _, shown = _posted(survey_id)
    if shown.signed_closing is None:
        raise NotFound
    return _file([shown.closing_paper], "closing.json")


@pages.get("/papers/<int:survey_id>/head.json")
def head_file(survey_id: int) -> Response:
    """Give the result with its signatures."""
    _, shown = _opened(survey_id)
    if shown.public_head_paper is None:
        raise NotFound
    return _settled([shown.public_head_paper], shown, "head.json")


@pages.get("/papers/<int:survey_id>/trackers.txt")
def trackers_file(survey_id: int) -> Response:
    """Give the list of receipts."""
    ballots, shown = _opened(survey_id)
    return _settled(tracker_lines(ballots, survey_id), shown, "trackers.txt")


@pages.get("/papers/<int:survey_id>/fragments.jsonl")
def fragments_file(survey_id: int) -> Response:
    """Give hashes of all answers; with them what the manifest lets everybody read.

    That is the opened answers of groups that are large enough.
    """
    ballots, shown = _opened(survey_id)
    if shown.head is None:
        raise NotFound
    public = shown.manifest.public_answers
    lines = fragment_lines(ballots, shown.head, opened=public)
    return _settled(lines, shown, "fragments.jsonl")


@pages.post("/papers/<int:survey_id>/<name>")
def keyed_file(survey_id: int, name: str) -> ResponseReturnValue:
    """Give a file with what was said about persons to whoever has the minute's key."""
    ballots, shown = _opened(survey_id)
    if shown.head is None or name not in KEYED:
        raise NotFound
    form = SentBallot.read(sent_body(), content_type=request.mimetype)
    if not opens_papers(form.picked(KEY) or "", key_to(shown.head)):
        return _paper(shown, wrong_key=True), 403
    if name == "head.json":
        return _file([shown.head_paper], name)
    return _file(fragment_lines(ballots, shown.head, opened=True), name)


@pages.get("/receipt")
def receipt() -> str:
    """Ask for the receipt of a ballot."""
    return render_template("ballot/receipt.html", field=CodeField())


@pages.post("/receipt")
def look_up() -> ResponseReturnValue:
    """Say whether an opened box held the ballot with this receipt.

    It came in the body: a receipt in an address would stand in histories and logs.
    """
    form = SentBallot.read(sent_body(), content_type=request.mimetype)
    typed = form.picked(TRACKER) or ""
    if form.redraws:
        field = CodeField(shown_again(typed))
        return render_template("ballot/receipt.html", field=field)
    meant = [] if is_slip(typed) else tracker_prefixes(typed)[:ASKED_AT_MOST]
    if not meant:
        field = wrong_field(typed, TRACKER_FORM)
        return render_template("ballot/receipt.html", field=field), 422
    ballots = ballot_engine_if_any()
    found = [found_tracker(ballots, prefix) for prefix in meant] if ballots else []
    number = next((one for one in found if one), None)
    waiting = waiting_ballots(ballots) if ballots and not number else ()
    named = [number] if number else [one.survey_id for one in waiting]
    titles = ballot_titles(session(), named)
    return render_template(
        "ballot/checked.html", found=number, waiting=waiting, titles=titles
    )


def key_to(head: Head) -> str:
    """Return the key to what was said about persons in this result."""
    settings: Settings = current_app.extensions["survey_settings"]
    return papers_key(settings.secret_key.encode(), head.fingerprint)


def _paper(shown: BallotPapers, *, wrong_key: bool = False) -> str:
    """Return the page of a ballot, with the units that the address asks for."""
    manifest = shown.manifest
    page = paper_page(session(), manifest, _asked_for())
    here = set(page.rows)
    return render_template(
        "ballot/paper.html",
        papers=shown,
        slip_names=NAMES,
        page=page,
        search=_asked_for().search,
        names=paper_names(session(), manifest, page.rows),
        batches=[one for one in manifest.in_order if one.unit in here],
        counted={b.batch_id: b for b in shown.head.batches} if shown.head else {},
        signers=_signers(shown),
        wrong_key=wrong_key,
    )


def _asked_for() -> ListAsked:
    """Return which ballots, or units of one, the address asks for."""
    search = tidy_code(request.args.get("unit", ""))[:LONGEST]
    number = asked("page")
    is_number = number.isdigit() and len(number) <= MOST_DIGITS
    return ListAsked(search=search, page=max(1, int(number)) if is_number else 1)


def _out_of_reach(_: Exception) -> ResponseReturnValue:
    """Say that the database did not answer."""
    return refuse(NotKept())


for _kind in OUT_OF_REACH:
    pages.register_error_handler(_kind, _out_of_reach)


def _posted(survey_id: int) -> tuple[Engine, BallotPapers]:
    """Return the papers of a ballot; raises NotFound before its manifest is posted."""
    ballots = ballot_engine_if_any()
    found = papers_of(ballots, survey_id) if ballots else None
    if ballots is None or found is None:
        raise NotFound
    return ballots, found


def _opened(survey_id: int) -> tuple[Engine, BallotPapers]:
    """Return the papers of a ballot; raises NotFound before its box was opened."""
    ballots, found = _posted(survey_id)
    if found.head is None:
        raise NotFound
    return ballots, found


def _signers(papers: BallotPapers) -> list[tuple[str, str, str]]:
    """Return name, fingerprint of the key and signature (empty yet) of each holder."""
    signed = papers.signed_head.holders if papers.signed_head else {}
    prints = [(name, fingerprint_of(key)) for name, key in papers.manifest.key_holders]
    return [(name, key, signed.get(key, "")) for name, key in prints]


def _settled(lines: Iterable[str], papers: BallotPapers, name: str) -> Response:
    """Return a file that the signed result fixes for good.

    Whoever has it already is told so before any of its lines is read.
    """
    tag = f"{fingerprint_of(papers.head_paper)}-{name}"
    # Not make_conditional: to learn the length it would read every line.
    known = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if known else _file(lines, name)
    response.set_etag(tag)
    kept_by = "public" if isinstance(lines, list) else "private"
    response.headers["Cache-Control"] = f"{kept_by}, {KEPT}"
    return response


def _file(lines: Iterable[str], name: str) -> Response:
    """Return lines to be kept as a file, sent as they are read; a list with length."""
    response = Response(lines, mimetype="text/plain")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = WHOLE
    return response
