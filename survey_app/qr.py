"""An address becomes a QR code; the only importer of qrcode.

Level M restores 15 % of what a stain or a crease hides (ISO/IEC 18004), and four
modules of white stay free on every side: what a reader needs to find the code.
"""

import io
from dataclasses import dataclass

import qrcode
from qrcode import constants

QUIET = 4
"""Modules of white on every side."""
LEVELS = {"M": constants.ERROR_CORRECT_M, "Q": constants.ERROR_CORRECT_Q}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A QR code as one SVG path: every module a square of side 1."""

    size: int
    """Modules on a side, the white included."""
    path: str


def drawing(address: str, *, level: str = "M") -> Drawing:
    """Return the code of the address; capitals and digits keep its modules large."""
    modules = _code(address, level).get_matrix()
    rows = (
        f"M{start} {y}h{length}v1h-{length}z"
        for y, row in enumerate(modules)
        for start, length in _runs(row)
    )
    return Drawing(len(modules), "".join(rows))


def svg(address: str, *, level: str = "M") -> str:
    """Return the code as an SVG element, black on white, the quiet zone included."""
    drawn = drawing(address, level=level)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {drawn.size} {drawn.size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{drawn.size}v{drawn.size}H0z"/>'
        f'<path d="{drawn.path}"/></svg>'
    )


def in_terminal(address: str) -> str:
    """Return the code drawn with half blocks, for a terminal with light text."""
    written = io.StringIO()
    _code(address, "M").print_ascii(out=written, invert=True)
    return written.getvalue()


def _code(address: str, level: str) -> qrcode.QRCode:
    """Return the smallest code that holds the address in one mode."""
    code = qrcode.QRCode(error_correction=LEVELS[level], border=QUIET)
    code.add_data(address, optimize=0)
    code.make(fit=True)
    return code


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Return start and length of every run of dark modules in a row."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
