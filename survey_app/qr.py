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
SHORTEST_RUNS = (0, 6, 12)
"""Characters of one kind in a row that are worth a change; 0: no change at all."""
LEVELS = {"M": constants.ERROR_CORRECT_M, "Q": constants.ERROR_CORRECT_Q}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A QR code as one SVG path: every row of modules a dashed line of width 1.

    Drawn as squares it would take twice the bytes, and a city's posters many megabytes.
    """

    size: int
    """Modules on a side, the white included."""
    path: str
    """To be stroked, not filled."""


def on_paper(address: str) -> str:
    """Return the address as it is printed and drawn, from its usual spelling.

    Its scheme stays in small letters, without which some readers offer no link; what
    follows turns into capitals where that makes the modules larger.
    """
    scheme, _, rest = address.partition("://")
    capitals = f"{scheme}://{rest.upper()}"
    smaller = _fitting(capitals, "M").version < _fitting(address, "M").version
    return capitals if smaller else address


def drawing(address: str, *, level: str = "M") -> Drawing:
    """Return the code of the address; capitals and digits keep its modules large."""
    modules = _code(address, level).get_matrix()
    lines = (_line(y, _runs(row)) for y, row in enumerate(modules))
    return Drawing(len(modules), "".join(lines))


def svg(address: str, *, level: str = "M") -> str:
    """Return the code as an SVG element, black on white, the quiet zone included."""
    drawn = drawing(address, level=level)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {drawn.size} {drawn.size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{drawn.size}v{drawn.size}H0z"/>'
        f'<path stroke="#000" d="{drawn.path}"/></svg>'
    )


def in_terminal(address: str) -> str:
    """Return the code drawn with half blocks, for a terminal with light text."""
    written = io.StringIO()
    _code(address, "M").print_ascii(out=written, invert=True)
    return written.getvalue()


def _code(address: str, level: str) -> qrcode.QRCode:
    """Return the smallest code that holds the address."""
    code = _fitting(address, level)
    code.make(fit=False)
    return code


def _fitting(address: str, level: str) -> qrcode.QRCode:
    """Return the code in its smallest size, its modules not placed yet.

    Capitals and digits take less room than other letters, but a change between the two
    takes room, too: of several ways to cut the address the shortest is taken.
    """
    every = []
    for shortest in SHORTEST_RUNS:
        code = qrcode.QRCode(error_correction=LEVELS[level], border=QUIET)
        code.add_data(address, optimize=shortest)
        code.best_fit()
        every.append(code)
    return min(every, key=lambda code: int(code.version))


def _line(y: int, runs: list[tuple[int, int]]) -> str:
    """Return a row as a line through the middle of its modules."""
    drawn: list[str] = []
    at = 0
    for start, length in runs:
        drawn.append(f"m{start - at} 0" if drawn else f"M{start} {y}.5")
        drawn.append(f"h{length}")
        at = start + length
    return "".join(drawn)


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
