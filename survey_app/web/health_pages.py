"""`/healthz` for whoever watches the machine; numbers on a port of their own.

A stranger learns ok or not ok. More is told on the loopback port of the metrics, where
nothing else is served: which part is ill, how jobs stand, how long pages take. Nothing
of secret ballots is counted, and of everything that went well in hundreds only: no
number there moves with a single answer.
"""

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import NotFound as NoSuchPage

from survey_app.health import NEEDED, Health

HEALTH, METRICS = "health", "metrics"
APART = {HEALTH, METRICS}
"""All that is served on the port of the metrics."""
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def init_app(app: Flask, health: Health, metrics_port: int) -> None:
    """Answer for the health, and on the port of the metrics for nothing else."""
    app.extensions["survey_health"] = health
    app.add_url_rule("/healthz", HEALTH, healthz)
    if not metrics_port:
        return
    # A library nobody needs who does not measure.
    from survey_app.web.metrics import Measured  # noqa: PLC0415

    measured = Measured(app.wsgi_app, health)
    app.wsgi_app = measured  # type: ignore[method-assign]
    inside = str(metrics_port)

    def metrics() -> Response:
        return Response(measured.numbers(), content_type=PROMETHEUS)

    def apart() -> None:
        here = request.environ.get("SERVER_PORT") == inside
        if request.endpoint == METRICS if not here else request.endpoint not in APART:
            raise NoSuchPage

    app.add_url_rule("/metrics", METRICS, metrics)
    app.before_request(apart)


def healthz() -> Response:
    """Say whether all is well; with 503 where nobody can be served."""
    health: Health = current_app.extensions["survey_health"]
    parts = health.parts()
    serves = all(parts.get(name, True) for name in NEEDED)
    said = "ok\n" if all(parts.values()) else "not ok\n"
    return Response(said, status=200 if serves else 503, mimetype="text/plain")
