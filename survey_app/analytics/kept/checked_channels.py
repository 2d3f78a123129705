"""Looking at a survey's channels as a job: it goes through every answer once."""

from sqlalchemy.orm import Session

from survey_app.database import reading, writing
from survey_app.jobs.jobs import Job, Progress
from survey_app.jobs.run_job import Workplace
from survey_app.survey.draft import require_open
from survey_app.survey.flags import keep_flags, look_for_flags
from survey_app.survey.recount import count_answers
from survey_app.survey.tables import Survey

CHECK_CHANNELS = "check-channels"
"""The kind of job that looks for what is unusual before a survey is closed."""


def check_channels(place: Workplace, job: Job, progress: Progress) -> None:
    """Keep what is unusual about the channels; what came through them is not kept.

    Before the end nothing is made of what was said. Raises what `require_open` raises.
    """
    with Session(writing(place.engine)) as session:
        with reading(session) as reader:
            survey = reader.get_one(Survey, job.about)
            require_open(survey)
            counted = count_answers(reader, job.about, progress)
            found = look_for_flags(reader, survey, counted, through=False)
        keep_flags(session, job.about, found)
        session.commit()
