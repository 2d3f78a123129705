"""Every table, so that migrations and tests see the whole schema at once."""

from survey_app.models.account import Account, GivenPassword, SignIn
from survey_app.models.base import Base
from survey_app.models.cadre import Cadre
from survey_app.models.count import ChoiceCount, TurnoutCount
from survey_app.models.cycle import Cycle
from survey_app.models.given_value import GivenAdjustment, GivenValue
from survey_app.models.publication import CommentReview, PublicationPlan
from survey_app.models.response import Comment, Receipt, Response
from survey_app.models.secret_ballot import AuditCommitment, BallotCount, KeyHolder
from survey_app.models.subject import Subject
from survey_app.models.survey import Channel, Survey, SurveySubject
from survey_app.models.survey_act import SurveyAct
from survey_app.models.unit import Unit

TABLES: tuple[type[Base], ...] = (
    Account, AuditCommitment, BallotCount, Cadre, Channel, ChoiceCount, Comment,
    CommentReview, Cycle, GivenAdjustment, GivenPassword, GivenValue, KeyHolder,
    PublicationPlan, Receipt, Response, SignIn, Subject, Survey, SurveyAct,
    SurveySubject, TurnoutCount, Unit,
)  # fmt: skip

metadata = Base.metadata
