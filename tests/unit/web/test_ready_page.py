"""Ready pages: the same text plain and compressed, drawn again only when it changed."""

import gzip
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from survey_app.survey.channels import OpenChannel, SubjectChoice
from survey_app.web.look import Look
from survey_app.web.respondent import ready_page
from survey_app.web.respondent.ready_page import ReadyPage, ReadyPages
from tests.support.respondents import QUESTIONNAIRE

TEXT = st.text(st.characters(exclude_characters="#", exclude_categories=["Cs"]))
CHANNEL = OpenChannel(
    code="ABC",
    channel_id=1,
    survey_id=1,
    rater_group="residents",
    title="调查",
    questionnaire=QUESTIONNAIRE,
    subjects=(SubjectChoice(1, "青山镇"),),
    state="open",
    opens_on=date(2026, 5, 1),
    closes_on=date(2026, 5, 31),
)


class Drawer:
    """Draws pages and counts how often."""

    def __init__(self) -> None:
        self.drawn = 0

    def __call__(self, channel: OpenChannel, look: Look) -> ReadyPage:
        self.drawn += 1
        return ReadyPage.of(f"{channel.title} {look.language} #", gap="#")


@given(TEXT, TEXT, st.binary(max_size=64))
def test_compressed_and_plain_are_the_same_page(
    before: str, after: str, filling: bytes
) -> None:
    page = ReadyPage.of(f"{before}#{after}", gap="#")

    assert page.plain(filling) == before.encode() + filling + after.encode()
    assert gzip.decompress(page.gzipped(filling)) == page.plain(filling)


def test_a_page_is_drawn_once_for_equal_channels_and_looks() -> None:
    drawer = Drawer()
    pages = ReadyPages(drawer)

    pages.of(CHANNEL, Look())
    pages.of(CHANNEL, Look())
    pages.of(replace(CHANNEL), Look())

    assert drawer.drawn == 1


def test_a_changed_channel_and_another_look_are_drawn_anew() -> None:
    drawer = Drawer()
    pages = ReadyPages(drawer)

    pages.of(CHANNEL, Look())
    pages.of(CHANNEL, Look(language="en"))
    pages.of(CHANNEL, Look(size="large"))
    new = pages.of(replace(CHANNEL, title="另一项"), Look())

    assert drawer.drawn == 4
    assert new.plain(b"").decode().startswith("另一项")


def test_the_page_unused_for_longest_leaves_first() -> None:
    drawer = Drawer()
    pages = ReadyPages(drawer)
    many = [replace(CHANNEL, code=str(n)) for n in range(ready_page.MOST_PAGES)]
    for channel in many:
        pages.of(channel, Look())

    pages.of(many[0], Look())
    pages.of(replace(CHANNEL, code="one more"), Look())
    drawn = drawer.drawn
    pages.of(many[0], Look())
    assert drawer.drawn == drawn

    pages.of(many[1], Look())
    assert drawer.drawn == drawn + 1
