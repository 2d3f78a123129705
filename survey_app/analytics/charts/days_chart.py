"""How many answered on each day, while a survey runs: one column a day."""

from collections.abc import Sequence
from datetime import timedelta

from survey_app.analytics.charts.picture import Axis, Mark, Picture, PictureRow, Series
from survey_app.analytics.turnouts import DayTurnout
from survey_app.domain.ground.bilingual import Bilingual

TITLE = Bilingual("每日答卷数", "Answers by day")
MOST_TICKS = 4


def days_chart(days: Sequence[DayTurnout], *, language: str) -> Picture | None:
    """Return the columns of all days from the first that has answers; None of one."""
    if len(days) < 2:
        return None
    first, most = days[0].day, max(one.answers for one in days)
    count = (days[-1].day - first).days + 1
    step = max(-(-count // MOST_TICKS), 1)
    title = TITLE.in_language(language)
    return Picture(
        key="days",
        title=title,
        axis=Axis(
            0,
            count,
            tuple(
                (at + 0.5, f"{day.month}-{day.day}")
                for at in range(0, count, step)
                for day in [first + timedelta(days=at)]
            ),
        ),
        looks=(Series("", "#92c5de"),),
        rows=(
            PictureRow(
                title,
                tuple(
                    Mark(
                        0,
                        float(at),
                        float(at + 1),
                        text=str(one.answers),
                        told=f"{one.day.isoformat()}\n{one.answers}",
                        rise=one.answers / most,
                    )
                    for one in days
                    for at in [(one.day - first).days]
                ),
            ),
        ),
        tall=3.5,
    )
