"""A QR code that any reader finds, and that survives a crease."""

import re

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from survey_app import qr

ADDRESS = "HTTPS://SURVEY.EXAMPLE.GOV.CN/S/K7M2Q4RT9X"
Picture = NDArray[np.uint8]


def picture(drawing: qr.Drawing, *, scale: int = 8) -> Picture:
    """Return what a printer would make of the path, one byte a pixel."""
    modules = np.full((drawing.size, drawing.size), 255, dtype=np.uint8)
    for line in drawing.path.split("M")[1:]:
        place, *dashes = re.split("h|m", line)
        x, y = (int(float(number)) for number in place.split())
        for step in dashes:
            gap, _, level = step.partition(" ")
            if not level:
                modules[y, x : x + int(gap)] = 0
            x += int(gap)
    return np.kron(modules, np.ones((scale, scale), dtype=np.uint8))


def read(image: Picture) -> str:
    """Return what an independent reader finds in the picture."""
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(image)
    return str(text)


@pytest.mark.parametrize("level", ["M", "Q"])
def test_an_independent_reader_reads_the_address(level: str) -> None:
    assert read(picture(qr.drawing(ADDRESS, level=level))) == ADDRESS


def test_the_quiet_zone_is_four_modules_on_every_side() -> None:
    dark = picture(qr.drawing(ADDRESS), scale=1) == 0

    assert not dark[:4].any()
    assert not dark[-4:].any()
    assert not dark[:, :4].any()
    assert not dark[:, -4:].any()
    assert dark[4, 4]


def test_capitals_keep_the_modules_large() -> None:
    longer = ADDRESS.replace("SURVEY", "SURVEY.OF.THE.COUNTY")

    assert qr.drawing(longer).size < qr.drawing(longer.lower()).size


HOSTS = [
    "http://127.0.0.1:8000",
    "https://survey.example.gov.cn",
    "https://cp.qinghe.gov.cn",
    "https://manyidu.zuzhibu.qinghexian.gov.cn",
    "https://kaohe.zzb.some-long-county-name.hebei.gov.cn",
    "http://[fd00::1]:8000",
]
TAILS = ["/s/K7M2Q4RT9X", "/b#ABCDEFGHJKMNPQRSTVWXYZ2345"]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("tail", TAILS)
def test_the_scheme_is_small_and_an_independent_reader_reads_all_of_it(
    host: str, tail: str
) -> None:
    address = host + tail

    printed = qr.on_paper(address)

    assert printed.startswith(("http://", "https://"))
    assert printed.lower() == address.lower()
    assert printed[-10:] == tail[-10:]  # a code is in capitals anyway
    assert read(picture(qr.drawing(printed))) == printed


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("tail", TAILS)
def test_small_letters_stay_where_capitals_save_no_module(host: str, tail: str) -> None:
    address = host + tail
    scheme, _, rest = address.partition("://")
    capitals = f"{scheme}://{rest.upper()}"

    saved = qr.drawing(capitals).size < qr.drawing(address).size

    assert qr.on_paper(address) == (capitals if saved else address)


def test_a_code_of_capitals_takes_less_room_than_a_mixed_address_in_one_piece() -> None:
    slip = "https://cp.qinghe.gov.cn/b#ABCDEFGHJKMNPQRSTVWXYZ2345"
    one_piece = 33 + 2 * qr.QUIET

    assert qr.drawing(qr.on_paper(slip)).size < one_piece + 1
    assert qr.drawing(qr.on_paper(HOSTS[0] + TAILS[1])).size < one_piece


def test_a_stain_over_a_tenth_of_the_code_is_forgiven() -> None:
    stained = picture(qr.drawing(ADDRESS))
    side = stained.shape[0]
    # Right of the middle, where only data lies; 0.31² of the code is a tenth.
    stain = int((side - 64) * 0.31)
    top, left = side // 2 - stain // 2, side // 2
    stained[top : top + stain, left : left + stain] = 255

    assert read(stained) == ADDRESS


def test_the_element_draws_the_same_code_on_white() -> None:
    drawing = qr.drawing(ADDRESS)
    element = qr.svg(ADDRESS)

    assert element.startswith("<svg ")
    assert f'viewBox="0 0 {drawing.size} {drawing.size}"' in element
    assert drawing.path in element
    assert "<script" not in element


def test_a_terminal_shows_it_too() -> None:
    lines = qr.in_terminal(ADDRESS).splitlines()

    assert len({len(line) for line in lines if line}) == 1
    assert len(lines) > 15
