"""`make bench`: the respondent's page and a kept answer, beside the smallest program.

Every round measures all three, one after another, so that a slow moment of the machine
touches them alike. Read the ratios. Results belong into docs/performance/.
"""

import secrets
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.database import engine_of
from survey_app.demo import county
from survey_app.demo.stand import settle
from survey_app.serving.server import running
from survey_app.shipped_files import shipped_questionnaire
from survey_app.survey.tables import Channel
from tests.benchmark import ballots, city, fragments, walk
from tests.benchmark.load import Exchange, load
from tests.support.server import serving_hello

ROUNDS, SECONDS, CLIENTS = 5, 4.0, 16
CLOSE = "Host: x\r\nConnection: close\r\nAccept-Encoding: gzip\r\n"


def getting(path: str) -> Exchange:
    request = f"GET {path} HTTP/1.1\r\n{CLOSE}\r\n".encode()

    def exchange() -> Iterator[bytes]:
        yield request

    return exchange


def answering(codes: list[str]) -> Exchange:
    questions = shipped_questionnaire(county.QUESTIONNAIRE).questions
    picks = {question.key: "satisfied" for question in questions}

    def exchange() -> Iterator[bytes]:
        form = urlencode({"submission": secrets.token_hex(16), **picks})
        yield (
            f"POST /s/{secrets.choice(codes)} HTTP/1.1\r\n{CLOSE}"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(form)}\r\n\r\n{form}"
        ).encode()

    return exchange


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, open(f"{folder}/log", "wb") as log:  # noqa: PTH123 -- needs its name
        settings = settle(
            Path(folder) / "county",
            # A load is a flood; here it is wanted.
            {"SURVEY_ANSWERS_PER_MINUTE": "1000000000"},
            today=date.today(),  # noqa: DTZ011 -- the demo's own day
            progress=lambda _sent, _of: None,
        )
        with Session(engine_of(settings.database_url)) as session:
            named = Channel.subject_id.is_not(None)
            codes = list(session.scalars(select(Channel.code).where(named)))
        with running(settings, log) as ours, serving_hello() as hello:
            _rounds(ours.url, hello, codes)


def _rounds(ours: str, hello: str, codes: list[str]) -> None:
    """Print one line a round and the medians of the ratios."""
    cases = {
        "hello": (hello, getting("/")),
        "page": (ours, getting(f"/s/{codes[0]}")),
        "answer kept": (ours, answering(codes)),
    }
    ratios: dict[str, list[float]] = {name: [] for name in cases}
    sys.stdout.write("round,case,per_second,median_ms,p95_ms,p99_ms,ratio_to_hello\n")
    for number in range(1, ROUNDS + 1):
        best = 0.0
        for name, (base, exchange) in cases.items():
            seen = load(base, exchange, clients=CLIENTS, seconds=SECONDS)
            best = best or seen.per_second
            ratios[name].append(seen.per_second / best)
            sys.stdout.write(
                f"{number},{name},{seen.per_second:.0f},{seen.median_ms:.1f},"
                f"{seen.p95_ms:.1f},{seen.p99_ms:.1f},{ratios[name][-1]:.2f}\n"
            )
    for name, values in ratios.items():
        sys.stdout.write(f"median ratio {name}: {median(values):.2f}\n")


if __name__ == "__main__":
    if {"city", "county"} & set(sys.argv):
        city.main(sys.argv[1:])
    elif "ballots" in sys.argv:
        ballots.main()
    elif "fragments" in sys.argv:
        fragments.main()
    elif "walk" in sys.argv:
        walk.main()
    else:
        main()
