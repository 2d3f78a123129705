"""The newest hash of the record, told where whoever changes the database cannot reach.

A place that does not answer holds up no act: it is logged, and the next hash, which
rests on this one, is told there again.
"""

import logging
import os
import re
from collections.abc import Iterable
from socket import AF_UNIX, SOCK_DGRAM, getaddrinfo, socket
from typing import Any

SYSLOG = "syslog:"
OF_THIS_MACHINE = "/dev/log"
TOLD = re.compile(r"\brecord (\d{1,18}) ([0-9a-f]{32,64})\b")
"""How number and hash, or at least half of it, stand in a line, whatever else does."""


def told_line(number: int, told: str) -> str:
    """Return what is told of the newest entry."""
    return f"record {number} {told}"


def tell_elsewhere(place: str, number: int, told: str) -> None:
    """Add a line to a file, or send one to a syslog, as the settings name it."""
    line = told_line(number, told)
    try:
        if place.startswith(SYSLOG):
            _send(place.removeprefix(SYSLOG), line)
        else:
            _add(place, line)
    except OSError as fault:
        log = logging.getLogger("gunicorn.error")
        log.error("the record is not told elsewhere: %s", type(fault).__name__)


def anchors(lines: Iterable[str]) -> dict[int, set[str]]:
    """Return number → hashes of all that such lines tell.

    More than one hash of a number means that the record was written anew in between.
    """
    found: dict[int, set[str]] = {}
    for line in lines:
        for number, told in TOLD.findall(line):
            found.setdefault(int(number), set()).add(told)
    return found


def _add(file: str, line: str) -> None:
    """Add a whole line in one step, so that processes do not mix theirs."""
    opened = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(opened, f"{line}\n".encode())
    finally:
        os.close(opened)


def _send(host: str, line: str) -> None:
    """Send the line as user, for information: one datagram, nobody is waited for."""
    name, _, port = host.rpartition(":")
    family: int
    address: Any
    if name:
        family, _, _, _, address = getaddrinfo(name, int(port), type=SOCK_DGRAM)[0]
    else:
        family, address = AF_UNIX, OF_THIS_MACHINE
    with socket(family, SOCK_DGRAM) as out:
        out.sendto(f"<14>survey: {line}".encode(), address)
