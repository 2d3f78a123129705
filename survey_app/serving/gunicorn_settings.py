"""How the server process runs: data for gunicorn, and one hook.

The bounds of what clients may send, and how slowly, stand in this folder.

The access log stays off: it would hold an address and a second for every answer.
"""

import os
from typing import Any

from survey_app.serving.shared_memory import share

bind = os.environ.get("SURVEY_BIND", "127.0.0.1:8000")
workers = 2
worker_class = "survey_app.serving.worker.EventLoopWorker"
threads = 16
timeout = 60
graceful_timeout = 30
accesslog = None
errorlog = "-"
loglevel = "warning"
logger_class = "survey_app.process_log.ReticentLogger"
umask = 0o077
preload_app = True


def when_ready(server: Any) -> None:
    """Make what workers share, before the first of them is forked."""
    share(server.app.wsgi())
