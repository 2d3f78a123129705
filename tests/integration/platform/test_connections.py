"""Every thread of a server finds the connections it may need at once."""

from contextlib import ExitStack

from sqlalchemy import Engine

from survey_app.serving.gunicorn_settings import threads

AT_ONCE = 2
"""Of one thread: a page looks up, and a verb writes."""


def test_no_thread_waits_for_the_connection_of_another(engine: Engine) -> None:
    with ExitStack() as stack:
        for _ in range(threads * AT_ONCE):
            stack.enter_context(engine.connect())
