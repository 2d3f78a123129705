"""Every table, so that migrations and tests see the whole schema at once."""

from survey_app.accounts.tables import (
    Account,
    AccountName,
    AccountRole,
    AccountSurvey,
    GivenPassword,
    RecordEntry,
    RecordHead,
    RecoveryCode,
    SecondFactor,
    SignIn,
    SignInTries,
)
from survey_app.alerts.tables import (
    AlertAct,
    AlertCase,
    Attachment,
    AttachmentPart,
    Objection,
)
from survey_app.analytics.kept.alerts import KeptAlert, RaisedAlerts
from survey_app.analytics.kept.files import KeptFile, KeptPart
from survey_app.analytics.kept.results import KeptResult
from survey_app.appraisal.adjustments import GivenAdjustment
from survey_app.appraisal.compared_schemes import ComparedScheme
from survey_app.appraisal.cycle import Cycle, GivenValue, ReplacedValue
from survey_app.appraisal.frozen_facts import CycleSubject
from survey_app.appraisal.named_ratings import NamedRatingEntry
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.appraisal.sheet_rows import KeptSheet, StaleSheet
from survey_app.ballot.main_tables import AuditCommitment, BallotCount, KeyHolder
from survey_app.counted_together import FloodMinute, FloodSum
from survey_app.jobs.tables import JobRow
from survey_app.rulebook.notes import RuleNotes
from survey_app.rulebook.tables import RuleText
from survey_app.survey.counters import ChoiceCount, TurnoutCount
from survey_app.survey.flags import ChannelFlag, ChannelRush, ThroughCount
from survey_app.survey.paper_stacks import PaperStack, TypedCopy
from survey_app.survey.phone_calls import CallCount, ToldCall
from survey_app.survey.responses import Comment, Receipt, Response
from survey_app.survey.review_comment import CommentReview
from survey_app.survey.settling.correction import Correction
from survey_app.survey.slots import Gate
from survey_app.survey.survey_acts import SurveyAct
from survey_app.survey.tables import (
    Channel,
    ExpectedRaters,
    PublicationPlan,
    RatedSubject,
    SettledSubject,
    Survey,
    SurveySubject,
)
from survey_app.survey.themes import CommentThemes
from survey_app.table_base import Base

TABLES: tuple[type[Base], ...] = (
    Account, AccountName, AccountRole, AccountSurvey, AlertAct, AlertCase, Attachment,
    AttachmentPart, AuditCommitment, BallotCount, Cadre, CallCount, Channel,
    ChannelFlag, ChannelRush, ChoiceCount, Comment,
    CommentReview, CommentThemes, ComparedScheme, Correction, Cycle, CycleSubject,
    ExpectedRaters,
    FloodMinute, FloodSum, Gate, GivenAdjustment, GivenPassword, GivenValue, JobRow,
    KeptAlert, KeptFile, KeptPart, KeptResult, KeptSheet, KeyHolder,
    NamedRatingEntry, Objection, PaperStack, PublicationPlan, RaisedAlerts,
    RatedSubject, Receipt, RecordEntry, RecordHead, RecoveryCode, ReplacedValue,
    Response, RuleNotes, RuleText, SecondFactor, SettledSubject, SignIn, SignInTries,
    StaleSheet, Subject, Survey, SurveyAct, SurveySubject, ThroughCount, ToldCall,
    TurnoutCount, TypedCopy, Unit,
)  # fmt: skip

metadata = Base.metadata
