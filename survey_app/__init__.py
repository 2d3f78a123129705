"""The platform: citizens and subordinates judge those who govern them, safely.

`application.py` is the map. It is loaded when a platform is built, so that a terminal
which only asks for help does not wait for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from survey_app.application import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """Return the builder of the platform, loading it now."""
    if name != "create_app":
        raise AttributeError(name)
    return import_module("survey_app.application").create_app
