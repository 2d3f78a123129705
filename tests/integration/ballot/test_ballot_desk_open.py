"""Opening a secret ballot at the desk, and what the office can see while it is open."""

import re
from collections import Counter

from flask import Flask

from survey_app.ballot.paper.challenge import commitment_of
from survey_app.ballot.paper.ticket import printed_ticket
from survey_app.ballot.tickets import CHALLENGED, NEW
from survey_app.domain.ground import refusals
from survey_app.domain.ground.missing import Lack, Missing
from survey_app.web.errors import refuse
from survey_app.web.office.found import found_survey
from survey_app.web.office.missing import OF_BATCHES, still_to_do
from tests.support.ballot_desk import Desks
from tests.support.respondents import shown
from tests.support.secret_ballots import Office

NONCE = "what only the auditor knows"
TRACKER = re.compile(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}")
OF_CHANNELS = (Lack.CHANNELS, Lack.WAY_TO_SUBJECT, Lack.WAY_OF_GROUP)
"""What only an open survey can lack."""
TOKEN = re.compile(rb'name="csrf_token" value="[^"]*"')


def test_an_unsafe_server_keeps_the_ballot_closed_and_says_what_to_do(
    both: Desks, office: Office
) -> None:
    both.printed(staff=8)
    office.folder.chmod(0o755)

    asked = both.first.see(f"{both.path}/open")
    sent = both.first.send(f"{both.path}/open")

    assert "chmod 700" in asked.text
    assert not asked.all("form")[2:], "only language and sign-out are left to press"
    assert sent.status_code == 422
    assert "chmod 700" in shown(sent).text
    assert both.state() == "draft"
    office.folder.chmod(0o700)
    assert both.first.send(f"{both.path}/open").status_code == 303


def test_every_thing_that_is_missing_leads_to_where_it_is_mended(
    app: Flask, both: Desks, office: Office
) -> None:
    both.request(staff=8)
    (batch,) = both.waiting()
    about = dict[Lack, int | str](dict.fromkeys(OF_BATCHES, batch))
    about[Lack.UNIT] = office.units[1]
    wanted = [
        Missing(one, about.get(one, "")) for one in Lack if one not in OF_CHANNELS
    ]

    with app.test_request_context("/office/"):
        missing = still_to_do(found_survey(office.survey_id), wanted)

    pages = [one.address.removeprefix("/office") for one in missing]
    assert len({one.sentence for one in missing}) == len(wanted)
    assert {both.first.open(page).status_code for page in pages} == {200}


def test_opening_waits_for_every_batch_and_then_posts_the_manifest(
    both: Desks, office: Office
) -> None:
    both.request(staff=8, residents=9)
    both.request(unit=1, staff=8)
    for batch in both.waiting()[1:]:
        both.issue(batch)

    too_early = both.first.send(f"{both.path}/open")
    both.issue(both.waiting()[0])
    opened = both.first.send(f"{both.path}/open")

    assert too_early.status_code == 422
    assert (
        "第二账号" in shown(too_early).text or "second account" in shown(too_early).text
    )
    assert opened.location == f"/office{both.path}/manifest"
    page = both.first.see(f"{both.path}/manifest").text
    posted = office.manifest()
    assert posted.fingerprint in page, "over a text with the root of every batch"
    assert not any(batch.tickets_root in page for batch in posted.batches)
    assert posted.keys_page in page
    assert both.first.open(f"{both.path}/open").status_code == 409


def test_while_it_is_open_no_page_changes_with_the_number_of_ballots(
    both: Desks, app: Flask
) -> None:
    codes = both.opened(staff=12)
    both.cast(codes[:1])
    before = pages_of(both, app)

    both.cast(codes[1:6])

    assert len(before) > 40
    assert pages_of(both, app) == before
    both.cast(codes[6:7])
    changed = {
        path for path, text in pages_of(both, app).items() if text != before[path]
    }
    assert changed == {f"/office{both.path}"}, "the quorum is reached, and nothing else"


def pages_of(both: Desks, app: Flask) -> dict[str, bytes]:
    """Return every page of the office that can be asked for about this ballot."""
    known = {
        "survey_id": both.office.survey_id,
        "subject_id": both.office.subject_ids[0],
        "unit_id": both.office.units[0],
        "cycle_id": 1,
    }
    addresses = app.url_map.bind("localhost")
    paths = [
        addresses.build(rule.endpoint, {n: known.get(n, 1) for n in rule.arguments})
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.rule.startswith("/office")
        and rule.endpoint != "office.second_factor"  # a secret drawn for every visit
    ]
    answers = {path: both.second.client.get(path) for path in paths}
    return {
        # A workbook says when it was made.
        path: one.status.encode() if "xlsx" in path else TOKEN.sub(b"", one.data)
        for path, one in answers.items()
    }


def test_voiding_names_wrong_lines_and_no_code(both: Desks) -> None:
    codes = both.opened(staff=8)
    both.cast(codes[:1])
    unused, used = printed_ticket(codes[1]).lower(), codes[0]
    lines = f"{unused}\r\n\r\n{codes[2][:-1]}\r\n{used}\r\nword"

    sent = both.first.send(f"{both.path}/void-tickets", lines=lines)

    page = shown(sent)
    assert sent.status_code == 200
    said = page.text
    assert re.search("已作废：1|Void now: 1", said)
    assert re.search("第3, 5行|line 3, 5", said)
    assert re.search("未受理：1|Not taken: 1", said)
    assert not any(code in sent.get_data(as_text=True) for code in (used, codes[2]))
    assert (page.all("textarea")[0].text or "").strip() == ""


def test_an_auditor_has_his_own_ballot_set_aside(both: Desks, office: Office) -> None:
    codes = both.printed(staff=8)
    bound = commitment_of(codes[0], NONCE)
    both.first.send(f"{both.path}/commitments", lines=bound)
    both.first.send(f"{both.path}/open")
    found = TRACKER.search(re.sub("<[^>]*>", "", both.cast(codes[:1])[0]))
    assert found
    told = {"code": codes[0], "nonce": NONCE, "tracker": found[0]}

    wrong = [
        both.first.send(f"{both.path}/challenge", **told | {field: "0" * 20})
        for field in told
    ]
    right = both.first.send(f"{both.path}/challenge", **told)

    assert {one.status_code for one in wrong} == {422}
    assert len({problem(one.get_data(as_text=True)) for one in wrong}) == 1
    assert right.status_code == 303
    posted = office.manifest().batches
    (batch,) = (one.batch_id for one in posted if one.unit == office.units[0])
    assert Counter(t.state for t in office.tickets(batch)) == {CHALLENGED: 1, NEW: 9}


def problem(page: str) -> str:
    """Return what the page says is wrong."""
    return page.partition('role="alert"')[2].partition("</div>")[0]


def test_nothing_is_voided_or_challenged_before_the_box_is_open(both: Desks) -> None:
    statuses = {
        both.first.open(f"{both.path}/{page}").status_code
        for page in (
            "void-tickets",
            "challenge",
            "manifest",
            "reconciliation",
            "minute",
        )
    }

    assert statuses == {409}


def test_every_refusal_of_a_secret_ballot_says_what_to_do(app: Flask) -> None:
    kinds = (
        "NoBallotDatabase", "WrongMode", "TwoAccountsNeeded", "AlreadyPrinted",
        "SlipsAreOut", "GroupTooSmall", "UnsafeServer", "SecretsMissing",
        "WrongPassphrase", "WeakPassphrase", "KeyRefused", "ExportRefused",
        "BoxNotReady", "TicketNotTaken", "ResultsNotSettled",
        "UnknownReceipt",  # in the office that is a fault of ours
    )  # fmt: skip

    with app.test_request_context("/office/?lang=en"):
        drawn = {kind: refuse(getattr(refusals, kind)()) for kind in kinds}
        pages = {
            kind: app.make_response(page).get_data(as_text=True)
            for kind, page in drawn.items()
        }

    said = {
        kind: re.findall(r"<h1>(.*?)</h1>\s*<p>(.*?)</p>", pages[kind])
        for kind in pages
    }
    assert len({str(words) for words in said.values()}) == len(pages)
