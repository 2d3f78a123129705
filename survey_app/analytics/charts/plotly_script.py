"""plotly's own script, out of the installed package; the only room that knows it."""

import gzip
import hashlib
import importlib.metadata
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def drawing_version() -> str:
    """Return version and fingerprint of plotly's script, for its address."""
    mark = hashlib.sha256(drawing_script()).hexdigest()[:10]
    return f"{importlib.metadata.version('plotly')}-{mark}"


@lru_cache(maxsize=1)
def drawing_script() -> bytes:
    """Return plotly's own script out of the installed package."""
    return (files("plotly") / "package_data" / "plotly.min.js").read_bytes()


@lru_cache(maxsize=1)
def compressed_drawing_script() -> bytes:
    """Return the script compressed with gzip; done once in each process."""
    return gzip.compress(drawing_script(), mtime=0)
