"""The office's blueprint; every module of this room hangs its pages on it."""

from flask import Blueprint

from survey_app.web.below_office import PREFIX

pages = Blueprint("office", __name__, url_prefix=PREFIX)
