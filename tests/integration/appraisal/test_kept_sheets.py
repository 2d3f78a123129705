"""Score sheets are kept, and what is kept is always what would be worked out now."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, func, select, text
from sqlalchemy.orm import Session

from survey_app.analytics.kept.sheets import keep_sheets
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
from survey_app.ballot.count_decrypted import count_decrypted
from survey_app.ballot.voiding import ask_voiding, grant_voiding
from survey_app.database import writing
from survey_app.domain.counting.evidence import SignedPaper
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.jobs.jobs import latest_job
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
from tests.support.kept_sheets import keep, kept, marks, worked_out
from tests.support.secret_ballots import FIRST, SECOND, confirmed
from tests.support.small_county import MAY_1, SCHEME, County, small_county
from tests.support.small_scheme import SMALL_SCHEME, changed

Verb = Callable[[County], object]


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
    paper = SignedPaper(
        county.subject_id, *place, "赵六", "县领导", "90", "r", MAY_1, "s"
    )
    with Session(writing(engine)) as session:
        confirmed(session, FIRST, SECOND)
        cycle = county.cycle_id
        number = enter_named_rating(session, cycle, paper, account=FIRST)
        assert marks(county) == set(), "it counts not yet"
        confirm_named_rating(session, cycle, number, account=SECOND)
        assert marks(county) == {county.subject_id}
        keep(county)
        assert kept(county) == worked_out(county)
        withdraw_named_rating(session, cycle, number, account=SECOND, because="误登")
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
