"""Forms to be sent without fetching their pages first: ids as the pages would carry."""

import json
from datetime import date
from itertools import cycle, islice
from pathlib import Path

from survey_app.demo.county import QUESTIONNAIRE
from survey_app.shipped_files import shipped_questionnaire
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.tables import OPEN
from tests.benchmark.city import settings_in

AT_MOST = 6_000
"""Forms a second that a server was ever seen to take, and more."""


def paths_with_ids(place: Path, paths: list[str], *, seconds: float) -> list[str]:
    """Return "path id" for more forms than are sent in this time, each id fresh."""
    facts = json.loads((place / "city.json").read_text("utf-8"))
    codes = (place / "codes.txt").read_text("ascii").split()
    number = {f"/s/{code}": facts["first_channel"] + n for n, code in enumerate(codes)}
    key, day = settings_in(place).secret_key.encode(), date(2000, 1, 1)
    asked = shipped_questionnaire(QUESTIONNAIRE)
    channels = [
        (path, OpenChannel("", number[path], facts["open_survey"], "", "", asked, (),
                           OPEN, day, day, key=key))
        for path in paths
    ]  # fmt: skip
    many = max(int(seconds * AT_MOST), len(channels))
    sent = islice(cycle(channels), many)
    return [f"{path} {channel.new_submission()}" for path, channel in sent]
