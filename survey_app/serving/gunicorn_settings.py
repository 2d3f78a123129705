"""How the server process runs: data for gunicorn, no logic.

The bounds of what clients may send, and how slowly, stand in this folder.

The access log stays off: it would hold an address and a second for every answer.
"""

import os

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
