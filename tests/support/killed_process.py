"""A process of our own that dies in the middle of its work, as in a power cut."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from itertools import count

Step = Callable[..., None]
"""To be called at every moment at which the power could fail."""


def killed_at(step: int, work: Callable[[Step], None]) -> bool:
    """Work in a process that dies at this step; return whether it got that far.

    It may not go wrong in any other way.
    """
    process = multiprocessing.get_context("fork").Process(
        target=_work_until, args=(step, work)
    )
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def _work_until(step: int, work: Callable[[Step], None]) -> None:
    steps = count(1)

    def passed(*_: object) -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    work(passed)
