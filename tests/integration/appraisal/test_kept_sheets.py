"""Score sheets are kept, and what is kept is always what would be worked out now."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, event, func, select, text
from sqlalchemy.orm import Session

from survey_app.accounts.tables import READER
from survey_app.analytics.kept.sheet_pages import sheets_page, shown_sheet_of
from survey_app.analytics.kept.sheets import keep_sheets
from survey_app.analytics.paging import ListAsked
from survey_app.analytics.scores import sheets_of
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.make_cycle import delete_cycle, make_cycle
from survey_app.appraisal.named_ratings import (
    confirm_named_rating,
    enter_named_rating,
    withdraw_named_rating,
)
from survey_app.appraisal.sheet_rows import (
    SCORE_SHEETS,
    KeptSheet,
    StaleSheet,
    mark_stale,
)
from survey_app.audit.integrity import findings
from survey_app.ballot.count_decrypted import count_decrypted
from survey_app.ballot.voiding import ask_voiding, grant_voiding
from survey_app.database import writing
from survey_app.domain.counting.evidence import SignedPaper
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.jobs.jobs import latest_job
from survey_app.jobs.tables import JobRow
from survey_app.settings import Settings
from survey_app.survey.closing import close_survey
from survey_app.survey.settling.correct import (
    CorrectionAsked,
    confirm_correction,
    request_correction,
)
from tests.support.adjusted import confirm, propose
from tests.support.closed_box import closed_box, decrypt_compared
from tests.support.closed_county import (
    closed_county,
    imported,
    open_another,
    opened_county,
    settle,
)
from tests.support.holder_keys import holder_keys
from tests.support.jobs import run_waiting_jobs
from tests.support.office import Desk, desk
from tests.support.secret_ballots import FIRST, SECOND, confirmed
from tests.support.small_county import MAY_1, SCHEME, County, small_county
from tests.support.small_scheme import SMALL_SCHEME, changed

Verb = Callable[[County], object]


def kept(county: County) -> list[tuple[object, ...]]:
    """Return every kept sheet that may be shown, in order, and what its line says."""
    with Session(county.engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        rules = cycle.rules
        lines = sheets_page(session, cycle.id, ListAsked()).rows
        assert not [line for line in lines if line.is_stale or line.is_changed]
        return [
            (
                *(line.subject_id, line.name, line.unit, line.title, line.rounded),
                (line.because, line.further),
                (found.post, found.body_id, found.sheet),
            )
            for line in lines
            for found in [shown_sheet_of(session, cycle, line.subject_id, scheme=rules)]
        ]


def worked_out(county: County) -> list[tuple[object, ...]]:
    """Return the same of sheets that are worked out at this moment."""
    with Session(county.engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        return [
            (
                *(one.subject_id, one.name, one.unit, one.title, one.rounded),
                (
                    one.blocked[0] if one.blocked else None,
                    max(0, len(one.blocked) - 1),
                ),
                (one.post, one.body_id, one.sheet),
            )
            for one in sheets_of(session, cycle, scheme=cycle.rules)
        ]


def drawn(reader: Desk, page: str) -> bytes:
    """Return the bytes of a page, but for the token of its forms, which has a clock."""
    response = reader.open(page)
    assert response.status_code == 200
    return re.sub(rb'value="[^"]{60,}"', b"", response.get_data())


def keep(county: County, *, all_of_them: bool = False) -> int:
    with Session(writing(county.engine)) as session:
        return keep_sheets(session, county.cycle_id, stale_only=not all_of_them)


def marks(county: County) -> set[int]:
    with Session(county.engine) as session:
        wanted = select(StaleSheet.subject_id)
        return set(
            session.scalars(wanted.where(StaleSheet.cycle_id == county.cycle_id))
        )


def correct(county: County, place: str, new: str, subject_id: int = 0) -> None:
    asked = CorrectionAsked(place, new, "更正文件9号", "登记错误")
    about = subject_id or county.subject_id
    with Session(writing(county.engine)) as session:
        number = request_correction(
            session, county.cycle_id, about, asked, account=FIRST, today=MAY_1
        )
        confirm_correction(session, number, account=SECOND, today=MAY_1)


def close(county: County) -> None:
    with Session(writing(county.engine)) as session:
        close_survey(session, county.survey_id)


def counted_bonus(county: County) -> None:
    confirm(county, propose(county))


BODY = "领导班子得分"
VERBS: tuple[tuple[str, Verb], ...] = (
    ("a value", lambda c: imported(c, values=[["2026", "C1", "实绩", "80", "f"]])),
    ("of a body", lambda c: imported(c, values=[["2026", "U1", BODY, "7", "f"]])),
    ("the body's name", lambda c: correct(c, "name=清河镇", "清溪镇", c.body_id)),
    ("a namesake", lambda c: imported(c, cadres=[["C9", "王一", "U2", "副职", "长"]])),
    ("he moves", lambda c: imported(c, cadres=[["C9", "王一", "U1", "正职", "长"]])),
    ("a unit", lambda c: imported(c, units=[["U1", "清河乡", ""]])),
    ("a bonus", counted_bonus),
    ("closing", close),
    ("a post", lambda c: correct(c, "post=principal", "副职")),
    ("a name", lambda c: correct(c, "name=王一", "王壹")),
    ("another unit", lambda c: correct(c, "unit=U1", "U2")),
    ("opening", open_another),
)  # fmt: skip
SETTLED: tuple[tuple[str, Verb], ...] = (
    ("a value", lambda c: correct(c, "value:achievements=80", "90")),
    ("its bonus", lambda c: correct(c, "adjustment:2=1.5", "0")),
    ("of the body", lambda c: correct(c, "value:body=7", "50", c.body_id)),
)  # fmt: skip


def test_after_every_verb_the_marked_sheets_alone_make_all_of_them_right(
    engine: Engine,
) -> None:
    county = opened_county(engine)
    with Session(writing(engine)) as session:
        confirmed(session, FIRST, SECOND)
    keep(county, all_of_them=True)
    assert kept(county) == worked_out(county)

    def done(name: str, verb: Verb) -> None:
        before = kept(county)
        verb(county)
        assert marks(county), name
        with Session(engine) as session:
            job = latest_job(session, SCORE_SHEETS, about=county.cycle_id)
            assert job is not None, name
            assert job.is_unfinished, name
        keep(county)
        now = kept(county)
        assert now == worked_out(county), name
        assert now != before, f"{name} changes nothing: it proves nothing"

    for name, verb in VERBS:
        done(name, verb)
    with Session(writing(engine)) as session:
        last = session.scalar(text("SELECT max(id) FROM survey WHERE state = 'open'"))
        ask_voiding(session, int(last), reason="误开", account=FIRST, today=MAY_1)
    done("voiding", lambda _: _void(engine, int(last)))
    settle(county)
    assert kept(county) == worked_out(county)
    for name, verb in SETTLED:
        done(f"settled, {name}", verb)


def _void(engine: Engine, survey_id: int) -> None:
    with Session(writing(engine)) as session:
        grant_voiding(session, survey_id, account=SECOND, today=MAY_1)


def test_a_signed_rating_marks_whom_it_is_about(engine: Engine) -> None:
    named = changed(SMALL_SCHEME, ('design = "roster"\n', 'design = "named"\n'))
    county = small_county(engine, read_scheme(named, file="named.toml"))
    county.count("residents", good=30, bad=10)
    county.settle()
    place = "satisfaction", "staff"
    about, told = county.subject_id, ("赵六", "县领导", "90", "r", MAY_1, "s")
    paper = SignedPaper(about, *place, *told)
    with Session(writing(engine)) as session:
        confirmed(session, FIRST, SECOND)
        about = session, county.cycle_id
        number = enter_named_rating(*about, paper, account=FIRST)
        assert marks(county) == set(), "it counts not yet"
        confirm_named_rating(*about, number, account=SECOND)
        assert marks(county) == {county.subject_id}
        keep(county)
        assert kept(county) == worked_out(county)
        withdraw_named_rating(*about, number, account=SECOND, because="误登")
    assert marks(county) == {county.subject_id}
    keep(county)
    assert kept(county) == worked_out(county)


def test_a_counted_box_marks_whom_it_reaches(
    engine: Engine, ballots: Engine, db: Session, tmp_path: Path
) -> None:
    box = closed_box(engine, ballots, tmp_path)
    with Session(writing(engine)) as main:
        main.execute(delete(StaleSheet))
        main.commit()
        decrypt_compared(box, main, holder_keys())
        if not main.scalar(select(func.count()).select_from(StaleSheet)):
            count_decrypted(main, ballots, box.survey_id)

    assert db.scalar(select(func.count()).select_from(StaleSheet))


def test_a_cycle_that_begins_has_sheets_and_one_that_goes_takes_them_along(
    engine: Engine,
) -> None:
    county = small_county(engine)
    with Session(writing(engine)) as session:
        made = make_cycle(session, "2027", scheme=SCHEME)
        new = replace(county, cycle_id=made.id)
        made.frozen = False
        session.commit()
        keep(new)
        assert kept(new) == worked_out(new)
        assert len(kept(new)) == 2

        delete_cycle(session, new.cycle_id)

        assert not session.scalars(
            select(KeptSheet).where(KeptSheet.cycle_id == new.cycle_id)
        ).all()


@contextmanager
def after_reading(engine: Engine, act: Callable[[], object]) -> Iterator[None]:
    """Do something once, as soon as the adjustments were read in the block."""
    left = [act]

    def look(*told: Any) -> None:
        if left and "FROM given_adjustment LEFT OUTER JOIN" in str(told[2]):
            left.pop()()

    event.listen(engine, "after_cursor_execute", look)
    yield
    event.remove(engine, "after_cursor_execute", look)
    assert not left


def test_a_sheet_marked_while_it_is_worked_out_stays_marked(engine: Engine) -> None:
    """Between reading its evidence and keeping it somebody changes what it rests on."""
    county = closed_county(engine)
    with Session(writing(engine)) as session:
        confirmed(session, FIRST, SECOND)
        mark_stale(session, county.cycle_id, [county.subject_id])
        session.commit()
    number = propose(county)
    seen: list[set[int]] = []
    with (
        Session(writing(engine)) as session,
        after_reading(engine, lambda: confirm(county, number)),
    ):
        keep_sheets(
            session,
            county.cycle_id,
            progress=lambda _done, _total: seen.append(marks(county)),
        )

    assert seen == [{county.subject_id}, set()]
    assert kept(county) == worked_out(county)


def test_what_is_cut_off_is_taken_up_where_it_stopped(engine: Engine) -> None:
    county = closed_county(engine)
    with Session(writing(engine)) as session:
        mark_stale(session, county.cycle_id, None)
        session.commit()

    def cut_off(_done: int, _total: int) -> None:
        raise InterruptedError

    with Session(writing(engine)) as session, pytest.raises(InterruptedError):
        keep_sheets(session, county.cycle_id, progress=cut_off)
    keep(county)

    assert kept(county) == worked_out(county)


CHANGES = (
    "UPDATE kept_sheet SET sheet = replace(sheet, '100', '99')",
    "UPDATE kept_sheet SET summary = '99.99', blocked = 0",
    "UPDATE kept_sheet SET overall = 0",
    "UPDATE kept_sheet SET seal = NULL",
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_kept_sheet_that_somebody_changed_is_not_shown_and_is_found(
    app: Flask, db: Session, change: str
) -> None:
    county = closed_county(app.extensions["survey_engine"])
    reader = desk(app, db, READER)
    reader.send("/language", language="en", back="")
    page = f"/score-sheets/{county.cycle_id}/{county.subject_id}"
    before = drawn(reader, page)
    engine = app.extensions["survey_engine"]
    assert [one.kind for one in findings(engine, None)].count("sheets") == 0

    db.execute(text(change))
    db.commit()

    assert drawn(reader, page) == before, "worked out for this page"
    found = [one for one in findings(engine, None) if one.kind == "sheets"]
    assert "王一" in found[0].told
    if "sheet = " not in change:
        listed = reader.see(f"/score-sheets/{county.cycle_id}").text
        assert "changed in the database: not shown" in listed
        assert "99.99" not in listed


def test_a_page_is_the_same_whether_its_sheet_is_kept_or_worked_out(
    app: Flask, db: Session
) -> None:
    county = closed_county(app.extensions["survey_engine"])
    reader = desk(app, db, READER)
    for subject in (county.subject_id, county.other_subject_id):
        page = f"/score-sheets/{county.cycle_id}/{subject}"
        of_kept = drawn(reader, page)
        mark_stale(db, county.cycle_id, [subject])
        db.commit()

        assert drawn(reader, page) == of_kept


def test_the_list_says_what_is_worked_out_and_the_worker_does_it(
    app: Flask, db: Session, settings: Settings
) -> None:
    county = closed_county(app.extensions["survey_engine"])
    reader = desk(app, db, READER)
    reader.send("/language", language="en", back="")
    listed = f"/score-sheets/{county.cycle_id}"
    score = reader.see(f"{listed}/{county.subject_id}")
    db.execute(delete(JobRow))
    mark_stale(db, county.cycle_id, [county.subject_id])
    db.commit()

    waits = reader.see(f"{listed}?sort=score&down=1")
    assert "Being worked out: 1" in waits.text
    assert "being worked out" in waits.text
    assert "See how far it is" in waits.text
    run_waiting_jobs(app.extensions["survey_engine"], settings)

    done = reader.see(listed).text
    assert "worked out:" not in done
    assert "王一" in score.text
    assert "96.6" in done or "no score yet" in done


def test_the_list_is_searched_sorted_and_paged(engine: Engine) -> None:
    county = small_county(engine)
    people = [[f"D{n:03}", f"某{n:03}", "U2", "副职", "副镇长"] for n in range(60)]
    imported(county, cadres=people)
    keep(county, all_of_them=True)

    def page(**asked: Any) -> tuple[int, list[str]]:
        with Session(engine) as session:
            found = sheets_page(session, county.cycle_id, ListAsked(**asked))
        return found.found, [line.name for line in found.rows]

    assert page()[0] == 62
    assert page(page=2)[1][-1] == "某059"
    assert page(search="D007") == page(search="某007") == (1, ["某007"])
    assert page(search="wy")[1] == ["王一"]
    assert page(unit="U1") == page(unit="清河") == (1, ["王一"])
    assert page(sort="name", down=True)[1][0] == "王一"
