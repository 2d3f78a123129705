"""Surveys, whom they are about, their channels, and what was frozen or done."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.frozen_facts import Facts
from survey_app.appraisal.people import Subject, initials_from
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.initials import initials_of
from survey_app.domain.questionnaire.ballot_rules import BallotRule
from survey_app.domain.scheme.scheme import Component, Design, RaterGroup
from survey_app.table_base import Base

DRAFT, OPEN, CLOSED = "draft", "open", "closed"
REHEARSAL, CLOSING, VOID = "rehearsal", "closing", "void"
STATES = (DRAFT, REHEARSAL, OPEN, CLOSING, CLOSED, VOID)
"""rehearsal: a draft whose codes lead somewhere, for trying; no answer of it outlives
it. closing: no answer is taken any more, its results are being made. void: declared so
by two officials; nothing of it counts anywhere."""
UNCOUNTED = (DRAFT, REHEARSAL, VOID)
"""The states in which nothing about a survey is ever counted."""
UNSETTLED = (*UNCOUNTED, CLOSING)
"""Those in which nothing made of its counts is shown, though some may be kept."""
OPEN_SURVEY, SECRET_BALLOT = "open", "secret"
"""The two modes; see the words list."""
MERGE, WITHHOLD = "merge", "withhold"
"""What happens to a rater group too small to be shown."""


class Survey(Base):
    """One use of a questionnaire, open between two days."""

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint(
            f"state IN ({', '.join(repr(state) for state in STATES)})", name="state"
        ),
        CheckConstraint("opens_on <= closes_on", name="days_in_order"),
        CheckConstraint("mode IN ('open', 'secret')", name="mode"),
        CheckConstraint("small_groups IN ('merge', 'withhold')", name="small_groups"),
        Index(None, "state", "closes_on"),
        Index(None, "closed_after"),
        # A deleted draft's number is nobody's again: pages, secrets and boxes know it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    component_key: Mapped[str]
    """The component of the cycle's scheme that this survey's tally feeds."""
    title: Mapped[str]
    initials: Mapped[str] = mapped_column(
        default=initials_from("title"), server_default=""
    )
    """What somebody types to find it: pinyin initials of what it is called."""
    questionnaire: Mapped[str]
    """Canonical JSON; frozen with the survey's opening."""
    questionnaire_fingerprint: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    """The last day on which answers are taken."""
    state: Mapped[str] = mapped_column(default=DRAFT)
    mode: Mapped[str] = mapped_column(default=OPEN_SURVEY, server_default=OPEN_SURVEY)
    small_groups: Mapped[str] = mapped_column(default=MERGE, server_default=MERGE)
    """Secret ballots only; frozen at opening."""
    slots: Mapped[str | None]
    """Open surveys only: over which slots its answers spread; None: as settings say."""
    is_recheck: Mapped[bool] = mapped_column(default=False)
    """Whether it only follows an alert up: its counts enter no score (decision 55)."""
    changes: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often it changed while it was out whom or what its codes lead to."""
    asks_proof: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Open surveys only: whether pages behind open codes ask for a proof of work."""
    closed_after: Mapped[int | None]
    """The newest entry of the record when it closed: who looked has a later one."""

    cycle: Mapped[Cycle] = relationship()
    subjects: Mapped[list[Subject]] = relationship(
        secondary="survey_subject", order_by=Subject.id
    )
    channels: Mapped[list["Channel"]] = relationship(
        back_populates="survey", order_by="Channel.id"
    )

    @validates("title")
    def _called(self, _key: str, title: str) -> str:
        self.initials = initials_of(title)
        return title

    @property
    def is_secret(self) -> bool:
        """Whether it is a secret ballot; otherwise it is an open survey."""
        return self.mode == SECRET_BALLOT

    @property
    def component(self) -> Component | None:
        """The component that it feeds; None where the scheme has none such."""
        try:
            return self.cycle.rules.component(self.component_key)
        except KeyError:
            return None

    @property
    def rater_groups(self) -> tuple[RaterGroup, ...]:
        """Who is asked, in the scheme's order; no signers, and nobody where unknown."""
        component = self.component
        return component.survey.asked if component and component.survey else ()

    @property
    def known_groups(self) -> frozenset[str]:
        """The rater groups whose people are known: on a roster, or drawn."""
        groups = self.rater_groups
        return frozenset(one.key for one in groups if one.design is not Design.OPEN)

    @property
    def ballot_rules(self) -> tuple[BallotRule, ...]:
        """What every answer must obey; nothing for an unknown component."""
        component = self.component
        return component.survey.ballot_rules if component and component.survey else ()

    @property
    def group_labels(self) -> dict[str, Bilingual]:
        """Rater group → what it is called, in the scheme's order."""
        return {group.key: group.label for group in self.rater_groups}

    def takes_answers(self, today: date) -> bool:
        """Return whether an answer given today counts."""
        return self.state == OPEN and self.opens_on <= today <= self.closes_on

    def is_over(self, today: date) -> bool:
        """Return whether no answer can ever be added again."""
        ended = self.state in (CLOSING, CLOSED, VOID)
        return ended or (self.state == OPEN and today > self.closes_on)


class SurveySubject(Base):
    """Which subjects a survey is about."""

    __tablename__ = "survey_subject"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)


class Channel(Base):
    """One way in, belonging to one rater group; most are a public QR code."""

    __tablename__ = "channel"
    __table_args__ = (
        Index(None, "survey_id"),
        UniqueConstraint("code"),
        CheckConstraint(
            f"kind IN ({', '.join(repr(str(kind)) for kind in ChannelKind)})",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    code: Mapped[str]
    rater_group: Mapped[str]
    place: Mapped[str]
    """Where the code hangs, such as "window 3"; read by the office only."""
    initials: Mapped[str] = mapped_column(
        default=initials_from("place"), server_default=""
    )
    """What somebody types to find it: pinyin initials of the place."""
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"))
    """None: the respondent chooses among the survey's subjects."""
    takes_over: Mapped[int | None] = mapped_column(ForeignKey("channel.id"), index=True)
    """The channel whose printed code is this one's from the opening on; then None."""
    kind: Mapped[str] = mapped_column(
        default=ChannelKind.POSTER, server_default=ChannelKind.POSTER
    )
    """How it lets people in: a `ChannelKind`."""
    open_reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why whoever comes by may answer for people who are known."""
    codes_out: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many single-use codes were given out; which ones, nobody keeps."""
    visitors: Mapped[int | None]
    """How many people come here on a day, as the office expects; None: not told."""
    is_stopped: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the office takes no more answers through it."""
    without_proof_of: Mapped[int | None] = mapped_column(
        ForeignKey("channel.id"), index=True
    )
    """The channel whose page asks for a proof of work, of which this one counts the
    answers that came without; then nothing is printed of this one."""

    survey: Mapped[Survey] = relationship(back_populates="channels")
    subject: Mapped[Subject | None] = relationship()

    @validates("place")
    def _hung(self, _key: str, place: str) -> str:
        self.initials = initials_of(place)
        return place


class RatedSubject(Facts, Base):
    """Somebody as one survey knows him; none while the survey is a draft.

    Besides those it asks about these are all whose sheets its answers reach: the cadres
    of a unit whose leading body is rated, and the leading body of whoever is.
    """

    __tablename__ = "rated_subject"
    __table_args__ = (Index(None, "subject_id"),)

    survey_id: Mapped[int] = mapped_column(
        ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    turn: Mapped[int]
    """Which of its cycle's openings it was: the first one decides for the sheets."""
    shown_name: Mapped[str] = mapped_column(server_default="")
    """What everybody reads, told from the others; see settling/frozen_names.py."""
    shown_unit: Mapped[str] = mapped_column(server_default="")
    """The unit's name, told from other units that bear it."""
    shown_place: Mapped[str] = mapped_column(server_default="")
    """What stands beside the name: unit and title of a person, of a leading body the
    unit above. Empty where the name says so already, or there is nothing to say."""
    position: Mapped[int] = mapped_column(server_default="0")
    """In lists of the survey, from 0: by unit code, the leading body first."""
    initials: Mapped[str] = mapped_column(server_default="")
    """What somebody types to find it: pinyin initials of the name, then of the unit."""


class PublicationPlan(Base):
    """The plan of one survey: frozen at opening, evaluated once from the counts."""

    __tablename__ = "publication_plan"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    frozen: Mapped[str]
    """Canonical JSON: the floors and every cell that may ever be shown."""
    fingerprint: Mapped[str]
    """SHA-256 of the frozen text, in hex."""
    evaluated: Mapped[str | None]
    """Canonical JSON: what became of the whole, with a root over what became of every
    subject, see SettledSubject; None until the counts are final and all is kept."""
    seal: Mapped[str | None]
    """Over the rules as they were frozen; see survey/kept_plan.py."""
    settled_seal: Mapped[str | None]
    """Over what became of the plan."""


class SettledSubject(Base):
    """What became of the plan about one subject; it counts once the plan does."""

    __tablename__ = "settled_subject"

    survey_id: Mapped[int] = mapped_column(
        ForeignKey("publication_plan.survey_id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    plan: Mapped[str]
    """Canonical JSON: what may be told of it."""
    tally: Mapped[str]
    """Digest of what was counted about it when the plan was settled."""
    seal: Mapped[str | None]
    """Over all of these and the frozen plan; see survey/settled_plan.py."""


class ExpectedRaters(Base):
    """How many of one rater group are expected to answer about each subject.

    Only a forecast: it tells the office beforehand what could not be shown.
    """

    __tablename__ = "expected_raters"

    survey_id: Mapped[int] = mapped_column(
        ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True
    )
    rater_group: Mapped[str] = mapped_column(primary_key=True)
    people: Mapped[int]
