"""The smallest Flask program: what the machine can do at best, measured beside us."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Say hello."""
    return "hello"
