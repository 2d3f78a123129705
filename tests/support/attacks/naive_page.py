"""A naive ballot page: the code in the address, the form in the fault, a log of all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, request
from werkzeug.serving import make_server

app = Flask(__name__)


@app.post("/b/<code>")
def cast(code: str) -> str:
    """Fail as programs do, telling what was going on."""
    raise ValueError(f"ticket {code} is used, form {request.form.to_dict()}")


@app.get("/b/<code>")
def ask(code: str) -> tuple[str, int, dict[str, str]]:
    """Say what the matter is with a ticket, and remember who asked."""
    page = f"ticket {code} is unknown"
    return page, 404, {"Set-Cookie": "visitor=1", "Cache-Control": "private"}


@contextmanager
def served_naively() -> Iterator[str]:
    """Serve it as in a tutorial until the block ends; give its address."""
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
