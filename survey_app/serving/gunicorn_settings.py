"""How the server process runs: data for gunicorn, and two hooks.

The bounds of what clients may send, and how slowly, stand in this folder.

The access log stays off: it would hold an address and a second for every answer.
"""

import os
import shutil
import tempfile
from typing import Any

from survey_app.serving.shared_memory import share

bind = [os.environ.get("SURVEY_BIND", "127.0.0.1:8000")]
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

metrics_port = os.environ.get("SURVEY_METRICS_PORT", "0")
if metrics_port != "0":
    bind.append(f"127.0.0.1:{metrics_port}")
    # Where the processes add up what they count; the library reads this when loaded.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="survey-metrics-")
if held := os.environ.pop("SURVEY_SOCKETS", ""):
    # Whoever watches us listens there already, and goes on when we end.
    bind = [f"fd://{one}" for one in held.split(",")]


def when_ready(server: Any) -> None:
    """Make what workers share, before the first of them is forked."""
    share(server.app.wsgi())


def on_exit(_: Any) -> None:
    """Leave no numbers behind."""
    if metrics_port != "0":
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
