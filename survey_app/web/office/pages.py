"""The office's blueprint; every module of this room hangs its pages on it."""

from flask import Blueprint

pages = Blueprint("office", __name__, url_prefix="/office")
