"""Numbers for Prometheus, too coarse to tell when anybody answered.

Requests are noted in the process and leave it by the hundred, in an order nobody chose;
only what failed is told at once. Requests of secret ballots are not noted at all. No
number has a code, an address, a survey or a channel in it.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterable
from threading import Lock
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Histogram, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from survey_app.health import Health

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MANY = 100
"""Requests that are told together."""
SIDES = {
    "s": "respondents", "S": "respondents", "r": "respondents", "R": "respondents",
    "": "respondents", "office": "office",
}  # fmt: skip
"""First part of an address → side of the house. Of others, `/b` among them, nothing is
noted."""
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
FAULTS = {"429", "500", "503"}
SEVERAL = "PROMETHEUS_MULTIPROC_DIR"
"""Set where several processes add up; see serving/gunicorn_settings.py."""


class Measured:
    """The program, with its requests noted."""

    def __init__(self, program: "WSGIApplication", health: Health) -> None:
        self._program = program
        self._health = health
        self._lock = Lock()
        self._noted: list[tuple[str, str, float]] = []
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "survey_requests", "Requests, by the hundred; failures one by one.",
            ("side", "status"), registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "survey_request_seconds", "How long pages took, by the hundred.",
            ("side",), buckets=BUCKETS, registry=self._registry,
        )  # fmt: skip

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Serve the request; note its side, its status and how long it took."""
        side = SIDES.get(environ["PATH_INFO"].split("/", 2)[1])
        if side is None:
            return self._program(environ, start_response)
        began = time.perf_counter()

        def start(status: str, *more: Any) -> Callable[[bytes], object]:
            self._note(side, status[:3], time.perf_counter() - began)
            return start_response(status, *more)

        return self._program(environ, start)

    def numbers(self) -> bytes:
        """Return all numbers as Prometheus reads them."""
        counted = self._registry
        if SEVERAL in os.environ:
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        now = CollectorRegistry()
        now.register(_Now(self._health))
        return generate_latest(now) + generate_latest(counted)

    def _note(self, side: str, status: str, seconds: float) -> None:
        if status in FAULTS:
            self._requests.labels(side, status).inc()
            return
        with self._lock:
            self._noted.append((side, status, seconds))
            if len(self._noted) < MANY:
                return
            many, self._noted = self._noted, []
        secrets.SystemRandom().shuffle(many)
        for side_of, status_of, took in many:
            self._requests.labels(side_of, status_of[0] + "xx").inc()
            self._seconds.labels(side_of).observe(took)


class _Now(Collector):
    """What is asked when the numbers are, alike in every process."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterable[Metric]:
        """Yield how every part is, and how many jobs are in which state."""
        parts = GaugeMetricFamily("survey_health", "1: well.", labels=("part",))
        for part, well in self._health.parts().items():
            parts.add_metric((part,), int(well))
        jobs = GaugeMetricFamily("survey_jobs", "Jobs, by state.", labels=("state",))
        for state, count in self._health.jobs().items():
            jobs.add_metric((state,), count)
        return parts, jobs
