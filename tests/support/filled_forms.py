"""Forms of the office as a browser fills and sends them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from werkzeug.test import TestResponse

from tests.support.office import Desk
from tests.support.respondents import Shown, shown

MACHINES = {"csrf_token", "form_page", "kept_form"}
"""Fields that no person fills in."""
Values = dict[str, list[str]]


@dataclass(frozen=True)
class Form:
    """One form of a page and where it leads."""

    desk: Desk
    at: str
    """The path of the page, below /office."""
    element: Element

    @property
    def action(self) -> str:
        """Where it is sent, below /office."""
        return self.element.get("action", f"/office{self.at}").removeprefix("/office")

    @property
    def hidden(self) -> dict[str, str]:
        """What the page itself put into it."""
        fields = (field for field in self.element.iter("input"))
        return {
            field.get("name", ""): field.get("value", "")
            for field in fields
            if field.get("type") == "hidden"
        }

    def send(self, **typed: Any) -> TestResponse:
        """Send it with this in its fields."""
        data = self.hidden | typed
        return self.desk.client.post(f"/office{self.action}", data=data)

    @property
    def values(self) -> Values:
        """Field → what stands in it or is chosen, as a browser would send it."""
        found: Values = {}
        for name, value in _values(self.element):
            if name not in MACHINES:
                found.setdefault(name, []).append(value)
        return found


def form_on(desk: Desk, at: str, field: str = "", *, page: Shown | None = None) -> Form:
    """Return the form in the middle of a page, the one with this field if named."""
    (main,) = (page or desk.see(at)).all("main")
    forms = [
        form
        for form in main.iter("form")
        if not field or any(one.get("name") == field for one in form.iter())
    ]
    return Form(desk, at, forms[0])


def come_back(desk: Desk, refused: TestResponse, at: str) -> TestResponse:
    """Sign in on the page that stood in the way; return what is shown then."""
    door = form_on(desk, at, "password", page=shown(refused))
    return door.send(username=desk.username, password=desk.password)


def filled(form: Form, by_name: Mapping[str, str] | None = None) -> Values:
    """Return something for every field of the form, the last of what can be chosen."""
    typed: Values = {}
    for field in form.element.iter():
        name, kind = field.get("name", ""), field.get("type", "text")
        if field.tag == "textarea" or (field.tag == "input" and kind == "text"):
            typed[name] = [(by_name or {}).get(name, "写了 <b>一半</b> & “more”")]
        elif kind in {"number", "date"}:
            typed[name] = ["23" if kind == "number" else "2026-05-09"]
        elif kind in {"radio", "checkbox"} and field.get("disabled") is None:
            typed[name] = [field.get("value", "")]
        elif field.tag == "select":
            typed[name] = [list(field.iter("option"))[-1].get("value", "")]
    return typed


def _values(form: Element) -> Iterator[tuple[str, str]]:
    for field in form.iter():
        name, kind = field.get("name", ""), field.get("type", "text")
        if field.tag == "textarea":
            yield name, (field.text or "").strip()
        elif field.tag == "select":
            options = list(field.iter("option"))
            picked = [o for o in options if o.get("selected") is not None]
            yield name, (picked or options)[0].get("value", "")
        elif field.tag == "input" and kind in {"radio", "checkbox"}:
            if field.get("checked") is not None:
                yield name, field.get("value", "")
        elif field.tag == "input" and kind not in {"hidden", "file"}:
            yield name, field.get("value", "")
