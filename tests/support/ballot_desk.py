"""Three officials at their desks, and a secret ballot they take through its pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from flask import Flask
from werkzeug.test import TestResponse

from survey_app.ballot.paper.export import Export
from survey_app.ballot.sealing.decrypting import decrypt_box
from tests.support.holder_keys import (
    DEPARTMENT,
    INSPECTION,
    PASSPHRASES,
    holder_keys,
    made,
)
from tests.support.jobs import run_waiting_jobs
from tests.support.office import MANAGER, ORGANIZER, Desk, desk
from tests.support.open_box import Voter
from tests.support.respondents import shown
from tests.support.secret_ballots import Office

CODE = re.compile(r"((?:[0-9A-Z]{5}-){2}[0-9A-Z]{5})<br>([0-9A-Z]{5}-[0-9A-Z]{5})")
MARK = re.compile(r'name="compared" value="([0-9a-f]{64})"')
ONWARD = re.compile(r'http-equiv="refresh" content="0; url=([^"]+)"')
BOTH = (DEPARTMENT, INSPECTION)


@dataclass(frozen=True)
class Desks:
    """Whoever requests, issues, and decrypts, and the ballot between them."""

    app: Flask
    office: Office
    first: Desk
    """An organizer."""
    second: Desk
    """Whoever decrypts the box, and so never issues."""
    third: Desk
    """Whoever issues."""

    @property
    def path(self) -> str:
        return f"/surveys/{self.office.survey_id}"

    @property
    def numbers(self) -> str:
        """Where the people of the first unit are counted."""
        return f"{self.path}/units/{self.office.units[0]}/tickets"

    def state(self) -> str:
        """Return the survey's state, holding on to nothing."""
        state = self.office.state()
        self.office.db.rollback()
        return state

    def request(self, *, unit: int = 0, **people: int | str) -> TestResponse:
        """Give the numbers of one unit; "agreed" is what the page offered."""
        fields = {
            name if name == "agreed" else f"n-{name}": value
            for name, value in people.items()
        }
        where = f"{self.path}/units/{self.office.units[unit]}/tickets"
        return self.first.send(where, **fields)

    def waiting(self) -> list[str]:
        """Return the batches the third desk is offered to issue."""
        page = self.third.see(self.path)
        links = [link.get("href", "") for link in page.all("a")]
        return [link.split("/")[5] for link in links if link.endswith("/issue")]

    def issue(self, batch: str) -> TestResponse:
        """Issue a batch at the third desk; the answer holds its slips."""
        return self.third.send(f"{self.path}/batches/{batch}/issue")

    def printed(self, **people: int) -> list[str]:
        """Request and issue for both units; return the first unit's codes."""
        self.request(unit=1, staff=8)
        for batch in self.waiting():
            self.issue(batch)
        self.request(**people)
        return [
            code for batch in self.waiting() for code in codes_on(self.issue(batch))
        ]

    def opened(self, **people: int) -> list[str]:
        """Print the slips, open the ballot, and return the first unit's codes."""
        codes = self.printed(**people)
        assert self.first.send(f"{self.path}/open").status_code == 303
        return codes

    def cast(self, codes: Sequence[str]) -> list[str]:
        """Answer with each of these codes; return the pages with the receipts."""
        field = f"{self.office.subject_ids[0]}.overall"
        sent = [
            Voter(self.app.test_client(), code).send({field: "good"}) for code in codes
        ]
        assert {one.status_code for one in sent} <= {200}
        return [one.get_data(as_text=True) for one in sent]

    def close(self, signed: int | str) -> TestResponse:
        """Close with so many signatures on every list."""
        page = self.first.see(f"{self.path}/close")
        names = [field.get("name", "") for field in page.all("input")]
        fields = {name: signed for name in names if name.startswith("n-")}
        return self.first.send(f"{self.path}/close", **fields)

    def closed(self, **people: int) -> list[str]:
        """Print, open, cast seven ballots and close; return the codes."""
        codes = self.opened(**people)
        self.cast(codes[:7])
        assert self.close(8).status_code == 303
        return codes

    def decrypt_box(
        self,
        holders: Sequence[str] = BOTH,
        phrases: Sequence[str] | None = None,
        *,
        where: str = "/box",
        **more: object,
    ) -> TestResponse:
        """Send two key files and two passphrases from the manager's desk."""
        return self._worked_off(
            self._send_keys(holders, phrases, where=where, more=more)
        )

    def leaves_while_decrypting(self) -> None:
        """Send both keys, and leave once the page begins to come."""
        page = self._send_keys(BOTH, None, where="/box", more={})
        next(page.iter_encoded())
        page.close()

    def _send_keys(
        self,
        holders: Sequence[str],
        phrases: Sequence[str] | None,
        *,
        where: str,
        more: dict[str, object],
    ) -> TestResponse:
        typed = phrases or [PASSPHRASES[holder] for holder in holders]
        fields = dict(more)
        for place, holder, phrase in zip(
            ("first", "second"), holders, typed, strict=True
        ):
            file = BytesIO(made(holder).private_text.encode())
            fields[f"{place}_key"] = (file, "a.key.json")
            fields[f"{place}_passphrase"] = phrase
        return self.second.send(f"{self.path}{where}", **fields)

    def leads_to(self, sent: TestResponse) -> str:
        """Return where the page of a decryption, or its job, goes in the end."""
        onward = ONWARD.findall(sent.text) or [sent.location]
        path = onward[0].removeprefix("/office")
        return str(self.second.open(path).location)

    def finish(self) -> TestResponse:
        """Press the button that finishes what was interrupted."""
        return self._worked_off(self.second.send(f"{self.path}/box/finish"))

    def _worked_off(self, sent: TestResponse) -> TestResponse:
        """Return the reply, once its page is whole and what it asked for is done."""
        assert sent.data is not None
        held = self.app.extensions
        run_waiting_jobs(
            held["survey_engine"], held["survey_settings"], held["survey_ballots"]
        )
        return sent

    def compared(self) -> str:
        """Open the challenge ballots alone; return the mark in the page with them."""
        (mark,) = MARK.findall(self.decrypt_box(where="/box/challenges").text)
        return str(mark)

    def export(self) -> Export:
        """Return the export as the manager fetches it."""
        sent = self.second.open(f"{self.path}/box/export")
        return Export.from_text(sent.get_data(as_text=True))

    def decrypted_elsewhere(self) -> str:
        """Return what both holders get from the export on a machine of their own."""
        return decrypt_box(self.export(), holder_keys()).to_text()

    def send_result(self, text: str, **more: object) -> TestResponse:
        """Send the result of an opening elsewhere."""
        file = BytesIO(text.encode())
        where = f"{self.path}/box/opened"
        sent = self.second.send(where, opened=(file, "opened.json"), **more)
        return self._worked_off(sent)


def desks(app: Flask, office: Office) -> Desks:
    """Return the desks at this ballot."""
    first = desk(app, office.db, ORGANIZER)
    second = desk(app, office.db, MANAGER)
    third = desk(app, office.db, ORGANIZER, username="the issuer")
    office.db.commit()
    return Desks(app, office, first, second, third)


def codes_on(response: TestResponse) -> list[str]:
    """Return the codes on the slips of this page, without hyphens."""
    assert response.status_code == 200, shown(response).text
    found = CODE.findall(response.get_data(as_text=True))
    return [(one + other).replace("-", "") for one, other in found]
