"""The worlds an audit enters, one after the other, inside the temporary copy."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import update
from sqlalchemy.orm import Session

from survey_app.analytics.kept.alerts import KeptAlert, RaisedAlerts
from survey_app.analytics.kept.closing import STEPS
from survey_app.analytics.kept.results import KeptResult
from survey_app.analytics.kept.sheets import keep_sheets
from survey_app.appraisal.sheet_rows import SCORE_SHEETS, KeptSheet, mark_stale
from survey_app.audit.asked_tables import Statements, written_tables
from survey_app.audit.one_person import AskedOf
from survey_app.audit.report import Leak, difference
from survey_app.audit.small_groups import SmallGroup
from survey_app.audit.temporary_copy import TemporaryCopy
from survey_app.audit.worlds import (
    Orders,
    Script,
    World,
    enter,
    others_came,
    said_otherwise,
    truth_of,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.jobs.jobs import untold
from survey_app.jobs.tables import DONE, JobRow
from survey_app.survey.settled_plan import plan_head, plan_of
from survey_app.survey.tables import Survey

KEPT = frozenset(
    table.__tablename__ for table in (KeptSheet, KeptResult, KeptAlert, RaisedAlerts)
)
"""The tables of what is worked out once and then shown."""


class OtherWorlds:
    """Every world that must look like the true one."""

    def __init__(
        self,
        copy: TemporaryCopy,
        surveys: Sequence[Survey],
        groups: Sequence[SmallGroup],
    ) -> None:
        self._copy = copy
        self._groups = groups
        self._orders: Orders = {
            key: order for survey in surveys for key, order in _orders(survey)
        }
        self._truth: Script = {}
        self._run = Statements(copy.engine)
        self._plans: dict[int, str] = {}
        self._cycles = {survey.id: survey.cycle_id for survey in surveys}
        self.plan_leaks: list[Leak] = []

    def all(self, session: Session) -> Iterator[World]:
        """Yield the worlds; those in which the plan itself differs are leaks of it."""
        self._truth = truth_of(session, self._groups)
        for survey in {group.survey_id for group in self._groups}:
            plan = plan_of(session, survey)
            self._plans[survey] = plan.to_json() if plan else ""
        for world in said_otherwise(self._truth, self._orders):
            if self._is_another(world.script):
                self.plan_leaks += self._judged(session, world)
                yield world
        for name, changes in others_came(self._truth):
            script = self._what_fits(session, changes)
            if script:
                yield World(name, script)

    def changed(self) -> frozenset[str]:
        """Return the tables in which any world entered so far differs from the true.

        And those in which it will, once what pages show of it is worked out.
        """
        return written_tables(self._run.taken()) | KEPT

    @contextmanager
    def inside(self, world: World) -> Iterator[None]:
        """Make the copy this world for as long as the block lasts."""
        self._enter(world.script)
        try:
            yield
        finally:
            self._enter({group: self._truth[group] for group in world.script})

    def keep_what_is_shown(self) -> None:
        """Work out what lists and score sheets show: pages read what is kept."""
        with self._copy.writing() as session:
            for survey_id, cycle_id in self._cycles.items():
                if plan_head(session, survey_id) is not None:
                    for step in STEPS:
                        step(session, survey_id, untold, None)
                keep_sheets(session, cycle_id)
            # Whoever makes files of sheets waits for whoever works them out.
            done = update(JobRow).where(JobRow.kind == SCORE_SHEETS)
            session.execute(done.values(state=DONE))
            session.commit()

    def _enter(self, script: Script) -> None:
        with self._copy.writing() as session:
            enter(session, script)
            for group in script:
                cycle_id = self._cycles[group.survey_id]
                mark_stale(session, cycle_id, [group.subject_id])
            session.commit()
        self.keep_what_is_shown()

    def named(self, world: World) -> str:
        """Return which hidden groups said what."""
        groups = [
            f"survey {g.survey_id}, subject {g.subject_id}, {g.rater_group}"
            for g in world.script
            if world.script[g] != self._truth[g]
        ]
        return f"{'; '.join(groups)} ({world.name})"

    def _is_another(self, script: Script) -> bool:
        return any(said != self._truth[group] for group, said in script.items())

    def _judged(self, session: Session, world: World) -> Iterator[Leak]:
        """Yield a leak for every plan that depends on what a hidden group said."""
        for survey, text in enter(session, world.script).items():
            if text != self._plans[survey]:
                here, there = difference(self._plans[survey], text)
                yield Leak("plan", "everybody", "", self.named(world), here, there)
        session.rollback()

    def _what_fits(self, session: Session, changes: Iterable[Script]) -> Script:
        """Return as many of the small changes as leave the plans as they are."""
        script: Script = {}
        for change in changes:
            if change.keys() & script.keys():
                continue
            together = script | change
            plans = enter(session, together)
            session.rollback()
            if all(text == self._plans[survey] for survey, text in plans.items()):
                script = together
        return script


def _orders(survey: Survey) -> Iterator[tuple[tuple[int, str], AskedOf]]:
    """Yield (survey, question) → what can be said to it."""
    component = survey.component
    points = component.survey.points() if component and component.survey else {}
    for question in Questionnaire.from_json(survey.questionnaire).questions:
        yield (survey.id, question.key), AskedOf.of(question, points)
