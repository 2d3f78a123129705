"""What the server process may write down: that something failed, never who or what.

gunicorn names the address of a malformed request and the path of a failing one. Here
the type of the fault is all that is left of either.
"""

import sys
from typing import Any

from gunicorn.glogging import Logger


class ReticentLogger(Logger):
    """gunicorn's log without addresses, paths and tracebacks."""

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Log a warning; while a request is failing, only the type of the fault."""
        kind = sys.exc_info()[0]
        if kind is None:
            super().warning(msg, *args, **kwargs)
        else:
            super().warning("request declined: %s", kind.__name__)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 -- the message is what must not be written
        """Log the type of the fault being handled and nothing else of it."""
        kind = sys.exc_info()[0]
        super().error("fault %s", kind.__name__ if kind else "unknown")
