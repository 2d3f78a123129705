"""What the machine was doing meanwhile: whose processor time, whose memory."""

import os
import resource
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

TICK = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count() or 1
_STATE, _SESSION, _USED = 0, 3, slice(11, 15)
"""Fields of /proc/PID/stat after the name: state, session, and four kinds of time."""


def _processes(sessions: Iterable[int]) -> Iterator[tuple[Path, list[str]]]:
    """Yield folder and fields of every process of these sessions."""
    wanted = {str(session) for session in sessions}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_text("ascii", "replace")
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended while we looked
            told = fields.rpartition(")")[2].split()
            if told[_SESSION] in wanted and told[_STATE] != "Z":
                yield folder, told


def spent(sessions: Iterable[int]) -> float:
    """Return the seconds of processor time these sessions have used."""
    return sum(sum(map(int, told[_USED])) for _, told in _processes(sessions)) / TICK


def memory(sessions: Iterable[int]) -> float:
    """Return the megabytes these sessions hold, what they share divided among them."""
    kilobytes = 0
    for folder, _ in _processes(sessions):
        rolled = (folder / "smaps_rollup").read_text("ascii")
        kilobytes += sum(
            int(line.split()[1]) for line in rolled.splitlines() if line[:4] == "Pss:"
        )
    return kilobytes / 1024


@dataclass(frozen=True, slots=True)
class Moment:
    """Processor time used so far: by everybody, by us, and what there was."""

    everybody: float
    ours: float
    there: float

    @classmethod
    def now(cls, sessions: Iterable[int]) -> Self:
        """Look; ours are this process, its children, and these sessions."""
        told = Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]
        times = [int(one) / TICK for one in told]
        idle = times[3] + times[4]
        own = spent(sessions) + sum(
            used.ru_utime + used.ru_stime
            for used in map(
                resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            )
        )
        return cls(sum(times) - idle, own, sum(times))

    def foreign_since(self, before: Self) -> float:
        """Return which part of the machine somebody else had, 0 to 1."""
        there = (self.there - before.there) or 1
        used = (self.everybody - before.everybody) - (self.ours - before.ours)
        return max(0.0, used / there)
