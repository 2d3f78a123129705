"""Look through both databases for what does not fit together any more.

Nothing is changed and nothing is mended: what is found is named, so that somebody can
decide whether to restore a backup or to count anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from survey_app.accounts.verify_record import verify
from survey_app.analytics.kept.sheet_pages import wrong_sheets
from survey_app.appraisal.cycle import Cycle
from survey_app.ballot.count_decrypted import counted_fragments
from survey_app.ballot.paper.head import SignedHead
from survey_app.ballot.paper.manifest import Manifest, read_posted
from survey_app.ballot.sealing import signatures
from survey_app.ballot.sealing.export_checks import is_result_of
from survey_app.ballot.tables import COUNTED, DONE, SCRUBBED, BallotBox
from survey_app.damage import is_damage
from survey_app.domain.ground.frozen_text import TextRefused
from survey_app.domain.ground.refusals import CountersDiffer, PlanChanged
from survey_app.survey.counters import choice_counts
from survey_app.survey.recount import is_counted, is_turnout_counted
from survey_app.survey.responses import Receipt, Response
from survey_app.survey.settled_plan import require_untouched
from survey_app.survey.tables import DRAFT, OPEN_SURVEY, PublicationPlan, Survey
from survey_app.survey.take_out import taken_out

QUICK = 256 * 1024 * 1024
"""Bytes; SQLite looks through such a file in a second or two."""
GUARDS = {
    "record_update", "record_delete", "record_head_update", "record_head_delete",
    "no_act_changes", "no_act_goes",
}  # fmt: skip
"""Triggers of the main database, without which what never changes could be changed."""
OF_SQLITE = {"record_insert", "record_head_insert", "no_act_is_replaced"}
OF_POSTGRESQL = {"record_truncate", "record_head_truncate", "no_act_is_emptied"}
DECRYPTED = (COUNTED, SCRUBBED, DONE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit."""

    kind: str
    survey_id: int = 0
    """0: it is about a whole database."""
    told: str = ""
    """What the database itself says."""


def findings(engine: Engine, ballots: Engine | None) -> Iterator[Finding]:
    """Yield what does not fit; where a file is damaged, nothing beyond it."""
    damaged = [*_damage(engine, "main-file"), *_damage(ballots, "ballot-file")]
    yield from damaged
    if damaged:
        return
    try:
        yield from _contents(engine, ballots)
    except DatabaseError as error:
        # PostgreSQL finds a damaged page when it is read.
        if not is_damage(error):
            raise
        yield Finding("page", told=type(error.orig).__name__)


def _contents(engine: Engine, ballots: Engine | None) -> Iterator[Finding]:
    """Yield what of surveys and boxes does not fit."""
    with Session(engine) as session:
        surveys = session.scalars(select(Survey).where(Survey.state != DRAFT)).all()
        for survey in surveys:
            yield from _plan(session, survey)
            if survey.mode == OPEN_SURVEY:
                yield from _answers(session, survey)
        yield from _sheets(session)
        yield from _record(engine)
        yield from _guards(session)
        if ballots is not None:
            with Session(ballots) as boxes:
                for box in boxes.scalars(select(BallotBox)):
                    yield from _box(session, boxes, box)


def _damage(engine: Engine | None, kind: str) -> Iterator[Finding]:
    """Yield what SQLite finds in its file; PostgreSQL looks after its own."""
    if engine is None or engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect() as connection:
            looked = connection.exec_driver_sql("PRAGMA integrity_check(20)")
            said = looked.scalars().all()
    except DatabaseError as error:
        said = [type(error.orig).__name__]
    yield from (Finding(kind, told=str(line)) for line in said if line != "ok")


def _plan(session: Session, survey: Survey) -> Iterator[Finding]:
    """Yield whether the plan is missing or not as it was sealed."""
    try:
        if not require_untouched(session, survey.id):
            yield Finding("no-plan", survey.id)
    except PlanChanged:
        yield Finding("plan", survey.id)


def _sheets(session: Session) -> Iterator[Finding]:
    """Yield the cycles with a kept sheet that is not what it would be by now."""
    for cycle in session.scalars(select(Cycle).order_by(Cycle.id)):
        try:
            changed = wrong_sheets(session, cycle)
        except (PlanChanged, CountersDiffer, TextRefused):  # named with its survey
            continue
        if changed:
            yield Finding("sheets", told=f"{cycle.name}: {', '.join(changed)}")


def _record(engine: Engine) -> Iterator[Finding]:
    """Yield whether the record of acts was changed or cut."""
    faults = verify(engine).faults
    if faults:
        yield Finding("record", told=f"{len(faults)}, {faults[0].number}")


def _guards(session: Session) -> Iterator[Finding]:
    """Yield whether what keeps rows from being changed was taken away."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    wanted = GUARDS | (OF_SQLITE if is_sqlite else OF_POSTGRESQL)
    gone = wanted - set(session.scalars(text(asked)))
    if gone:
        yield Finding("guards", told=", ".join(sorted(gone)))


def _answers(session: Session, survey: Survey) -> Iterator[Finding]:
    """Yield which counters of an open survey differ from its answers."""
    survey_id = survey.id
    if not is_counted(session, survey):
        yield Finding("counters", survey_id)
    if not is_turnout_counted(session, survey_id):
        yield Finding("turnout", survey_id)
    if _rows(session, Response, survey_id) != _rows(session, Receipt, survey_id):
        yield Finding("receipts", survey_id)


def _rows(session: Session, table: type[Response] | type[Receipt], survey: int) -> int:
    counted = select(func.count()).select_from(table).where(table.survey_id == survey)
    return session.scalar(counted) or 0


def _box(session: Session, boxes: Session, box: BallotBox) -> Iterator[Finding]:
    """Yield what of a ballot box does not fit what was signed."""
    if not box.manifest:
        return
    manifest = _signed_manifest(box.manifest)
    if manifest is None:
        yield Finding("manifest", box.survey_id)
        return
    plan = session.get(PublicationPlan, box.survey_id)
    if plan is None or plan.fingerprint != manifest.plan_fingerprint:
        yield Finding("promised-plan", box.survey_id)
    if box.head and not _is_result(box.head, manifest):
        yield Finding("head", box.survey_id)
    counts = choice_counts(session, [box.survey_id]).get(box.survey_id, {})
    gone = taken_out(session, box.survey_id)
    marked = counted_fragments(boxes, box.survey_id, but=gone)
    if box.state in DECRYPTED and marked != counts:
        yield Finding("counters", box.survey_id)


def _signed_manifest(paper: str) -> Manifest | None:
    """Return the manifest of a paper whose signature is right."""
    try:
        text, signature = read_posted(paper)
        manifest = Manifest.from_json(text)
        message, key = signatures.MANIFEST + text.encode(), manifest.signing_key
        signed = signatures.is_signed(
            bytes.fromhex(key), message, bytes.fromhex(signature)
        )
    except ValueError:
        return None
    return manifest if signed else None


def _is_result(paper: str, manifest: Manifest) -> bool:
    """Return whether the paper is a head, and the one of this manifest's box."""
    try:
        return is_result_of(SignedHead.from_json(paper), manifest)
    except TextRefused:
        return False


def is_damaged(engine: Engine) -> bool:
    """Return whether a SQLite file is damaged, as far as a few seconds can tell.

    A small file is looked through; of a large one, only whether it can be read at all:
    a server must not take minutes to start. A file that is not there is not damaged.
    """
    file = Path(engine.url.database or "")
    if engine.dialect.name != "sqlite" or not file.is_file():
        return False
    look = "quick_check(1)" if file.stat().st_size < QUICK else "schema_version"
    try:
        with engine.connect() as connection:
            said = connection.exec_driver_sql(f"PRAGMA {look}").scalar()
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    except DatabaseError as error:
        return is_damage(error)
    return look.startswith("quick") and said != "ok"
