"""Ready pages: the same text plain and compressed, drawn again only when it changed."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.web.respondent import ready_page
from survey_app.web.respondent.ready_page import ReadyPage, ReadyPages

TEXT = st.text(st.characters(exclude_characters="#&", exclude_categories=["Cs"]))
FILLING = st.binary(max_size=64)


class Drawer:
    """Draws pages and counts how often."""

    def __init__(self) -> None:
        self.drawn = 0
        self.pages = ReadyPages()

    def page(self, key: object, *says: object) -> ReadyPage:
        return self.pages.of(key, says, lambda: self._draw(says))

    def _draw(self, says: tuple[object, ...]) -> ReadyPage:
        self.drawn += 1
        return ReadyPage.of(f"{says} #", "#")


@given(TEXT, TEXT, TEXT, FILLING, FILLING)
def test_compressed_and_plain_are_the_same_page(
    before: str, between: str, after: str, first: bytes, second: bytes
) -> None:
    page = ReadyPage.of(f"{before}#{between}&{after}", "#", "&")
    whole = b"".join((before.encode(), first, between.encode(), second, after.encode()))

    assert page.plain(first, second) == whole
    assert gzip.decompress(page.gzipped(first, second)) == whole


@given(TEXT, TEXT, FILLING)
def test_one_gap_is_enough(before: str, after: str, filling: bytes) -> None:
    page = ReadyPage.of(f"{before}#{after}", "#")

    assert page.plain(filling) == before.encode() + filling + after.encode()
    assert gzip.decompress(page.gzipped(filling)) == page.plain(filling)


@pytest.mark.parametrize("html", ["", "##&", "#&&", "&#"])
def test_a_gap_stands_once_and_in_its_place(html: str) -> None:
    with pytest.raises(ValueError, match=r"substring|gap"):
        ReadyPage.of(html, "#", "&")


def test_a_page_is_drawn_once_as_long_as_it_says_the_same() -> None:
    drawer = Drawer()

    drawer.page("a", "title")
    drawer.page("a", "title")

    assert drawer.drawn == 1


def test_another_key_and_another_content_are_drawn_anew() -> None:
    drawer = Drawer()

    drawer.page("a", "title")
    drawer.page("b", "title")
    new = drawer.page("a", "another")

    assert drawer.drawn == 3
    assert new.plain(b"").decode().startswith("('another',)")


def test_the_page_unused_for_longest_leaves_first() -> None:
    drawer = Drawer()
    for number in range(ready_page.MOST_PAGES):
        drawer.page(number)

    drawer.page(0)
    drawer.page("one more")
    drawn = drawer.drawn
    drawer.page(0)
    assert drawer.drawn == drawn

    drawer.page(1)
    assert drawer.drawn == drawn + 1
