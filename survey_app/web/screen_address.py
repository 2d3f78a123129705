"""The address of the page that shows a channel's changing code; the office gives it."""

from survey_app.domain.ground.printed_code import screen_secret
from survey_app.settings import Settings


def screen_address(settings: Settings, code: str) -> str:
    """Return the address to open on the screen of this channel's counter."""
    secret = screen_secret(code, settings.secret_key.encode())
    return f"{settings.public_url.rstrip('/')}/w/{code}{secret}"
