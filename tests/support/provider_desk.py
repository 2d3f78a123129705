"""A browser on its way to an identity provider and back."""

from werkzeug.test import TestResponse

from tests.support.identity_provider import (
    Provider,
)
from tests.support.office import Desk
from tests.support.respondents import Shown


def begin(sitting: Desk, at: str = "/sign-in/provider") -> str:
    """Press the link of the sign-in page; return where it leads."""
    led = sitting.open(at)
    assert led.status_code == 302, led.status
    return led.location


def come_back(
    sitting: Desk, provider: Provider, at: str = "/sign-in/provider"
) -> TestResponse:
    """Go to the provider and back, as a browser does."""
    return back_at(sitting, provider.authorize(begin(sitting, at)))


def back_at(sitting: Desk, address: str) -> TestResponse:
    return sitting.client.get(address.removeprefix("http://127.0.0.1:8000"))


def link_on(page: Shown, words: str) -> str:
    """Return where the link with these words leads, below /office where it does."""
    (link,) = [one for one in page.all("a") if words in (one.text or "")]
    return link.get("href", "").removeprefix("/office")


def is_in(sitting: Desk) -> bool:
    return sitting.open("/surveys").status_code == 200
