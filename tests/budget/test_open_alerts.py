"""What is due of alerts is looked up, however many were closed in all the years."""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from survey_app.alerts.due import due_acts
from survey_app.analytics.case_lists import case_page
from survey_app.analytics.paging import ListAsked
from tests.conftest import ONE_DATABASE
from tests.support.small_county import MAY_1


@ONE_DATABASE
def test_no_closed_alert_is_read_to_tell_what_is_due(
    engine: Engine, db: Session
) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _u: Any, statement: str, given: Any, *_: Any) -> None:
        asked.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    due_acts(db, "Wang", today=MAY_1)
    case_page(db, ListAsked(), today=MAY_1)
    event.remove(engine, "before_cursor_execute", note)

    read = [one for one in asked if one[0].startswith("SELECT")]
    assert len(read) >= 4
    for statement, given in read:
        explained = f"EXPLAIN QUERY PLAN {statement}"
        plan = db.connection().exec_driver_sql(explained, given)
        steps = [row.detail for row in plan]
        assert not [
            step for step in steps if step.startswith(("SCAN alert", "SCAN objection"))
        ], (statement, steps)
