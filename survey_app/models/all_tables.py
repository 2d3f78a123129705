"""Every table, so that migrations and tests see the whole schema at once."""

from survey_app.models.account import Account, GivenPassword, SignIn, SignInTries
from survey_app.models.base import Base
from survey_app.models.cadre import Cadre
from survey_app.models.correction import Correction
from survey_app.models.count import ChoiceCount, TurnoutCount
from survey_app.models.cycle import Cycle
from survey_app.models.expected import ExpectedRaters
from survey_app.models.frozen_facts import CycleSubject, RatedSubject
from survey_app.models.given_value import GivenAdjustment, GivenValue, ReplacedValue
from survey_app.models.named_rating import NamedRatingEntry
from survey_app.models.publication import CommentReview, PublicationPlan
from survey_app.models.response import Comment, Receipt, Response
from survey_app.models.secret_ballot import AuditCommitment, BallotCount, KeyHolder
from survey_app.models.subject import Subject
from survey_app.models.survey import Channel, Survey, SurveySubject
from survey_app.models.survey_act import SurveyAct
from survey_app.models.unit import Unit

TABLES: tuple[type[Base], ...] = (
    Account, AuditCommitment, BallotCount, Cadre, Channel, ChoiceCount, Comment,
    CommentReview, Correction, Cycle, CycleSubject, ExpectedRaters, GivenAdjustment,
    GivenPassword, GivenValue, KeyHolder, NamedRatingEntry, PublicationPlan,
    RatedSubject, Receipt, ReplacedValue, Response, SignIn, SignInTries, Subject,
    Survey, SurveyAct, SurveySubject, TurnoutCount, Unit,
)  # fmt: skip

metadata = Base.metadata
