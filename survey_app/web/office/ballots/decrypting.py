"""The page that decrypts a box, sent while it does: how far it is, then its end.

The keys live in this process for as long as that takes. How far it is goes to whoever
sent them and nowhere else: as a share in steps, because a count would be the turnout.
"""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

from flask import Response, current_app, render_template, stream_with_context, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from survey_app.ballot.decryption_verbs import ReadyBox, record_and_leave
from survey_app.database import ballot_engine, session, writing
from survey_app.domain.ground.refusals import Refusal
from survey_app.survey.tables import Survey
from survey_app.web.office.access import username
from survey_app.web.office.ballots.found import secrets_folder
from survey_app.web.office.jobs import words_of

STEP = 5
"""Percent between two words of how far it is."""
HERE = "<!-- how far -->"
"""Where in the page it is said."""
NOW = ""
"""An empty piece: what was made before it is sent at once."""

log = logging.getLogger("gunicorn.error")
Told = SimpleQueue[int | None]


def decrypting(survey: Survey, ready: ReadyBox) -> Response:
    """Decrypt a box and send how far it is; the end leads to the job that finishes it.

    Whoever leaves the page stops nothing: the result is recorded all the same.
    """
    survey_id, told = survey.id, Told()
    page = render_template(
        "office/ballots/decrypting.html",
        survey=survey,
        end=Markup(HERE),  # noqa: S704 -- our own word
    )
    head, _, rest = page.partition(HERE)
    session().close()  # nobody is held up by it
    ended = _begun(_work(survey_id, ready, told), told)

    def sent() -> Iterator[str]:
        yield head
        yield NOW
        for share in iter(told.get, None):
            yield render_template("office/ballots/decrypted_share.html", share=share)
            yield NOW
        yield _ending(survey_id, ended)
        yield rest

    return Response(stream_with_context(sent()))


def _work(survey_id: int, ready: ReadyBox, told: Told) -> Callable[[], int]:
    """Return what decrypts and records, without asking anything of this request."""
    engine, ballots = current_app.extensions["survey_engine"], ballot_engine()
    folder, account = secrets_folder(), username()

    def work() -> int:
        opened = ready.decrypted(in_steps(told))
        with Session(writing(engine)) as own:
            return record_and_leave(
                own, ballots, survey_id, opened,
                secrets_folder=folder, account=account, auditors_agree=True,
            )  # fmt: skip

    return work


def _begun(work: Callable[[], int], told: Told) -> Future[int]:
    """Return what becomes of work that was begun; the last word told is None."""
    threads = ThreadPoolExecutor(1, thread_name_prefix="decrypt")
    ended = threads.submit(work)
    threads.shutdown(wait=False)
    ended.add_done_callback(lambda _ended: told.put(None))
    return ended


def in_steps(told: Told) -> Callable[[int, int], None]:
    """Return what tells shares in whole steps, each of them once."""
    last = 0

    def tell(done: int, total: int) -> None:
        nonlocal last
        share = 100 * done // total // STEP * STEP
        if share > last:
            last = share
            told.put(share)

    return tell


def _ending(survey_id: int, ended: Future[int]) -> str:
    """Return the end of the page: where it goes on, or why it does not."""
    fault = ended.exception()
    onward, words = url_for(".ballot_box", survey_id=survey_id), None
    if fault is None:
        onward = url_for(".job", job_id=ended.result())
    elif isinstance(fault, Refusal):
        words = words_of(type(fault).__name__)
    else:
        # Its message could hold what was in an envelope.
        log.error("decrypting: fault %s", type(fault).__name__)
        broke_off = _("The page of the box says what is safe and how to go on.")
        words = _("The decryption broke off"), broke_off
    return render_template(
        "office/ballots/decrypting_end.html", onward=onward, words=words
    )
