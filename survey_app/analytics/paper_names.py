"""What the numbers on the public papers of a ballot are called.

Manifest and head name units and subjects by number, which is what is signed. The names
beside them are public facts of the survey and stand in the main database.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from survey_app.analytics.ballot_desk import units_found
from survey_app.analytics.paging import PER_PAGE, ListAsked, ListPage
from survey_app.ballot.paper.manifest import Manifest, ManifestBatch
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark
from survey_app.domain.questionnaire.questionnaire import Questionnaire, listed
from survey_app.domain.questionnaire.rule_words import rule_words
from survey_app.survey.rated import rated_some
from survey_app.survey.tables import Survey
from survey_app.survey.take_out import TakenOut, taken_out_of


@dataclass(frozen=True, slots=True)
class RatedName:
    """Somebody on a ballot, or the leading body of a unit."""

    name: str
    title: str
    """The cadre's; empty for a leading body."""


@dataclass(frozen=True, slots=True)
class PaperNames:
    """The names beside the numbers of one manifest."""

    units: Mapping[int, str]
    subjects: Mapping[int, RatedName]
    groups: Mapping[str, Bilingual]
    """In the scheme's order."""
    rules: tuple[Remark, ...]
    """What every ballot had to obey, by the manifest."""
    taken_out: Mapping[int, TakenOut]
    """Who stands on the ballots and counts nowhere."""

    def unit(self, number: int) -> str:
        """Return the unit's name, empty where nothing is known of it any more."""
        return self.units.get(number, "")

    def group(self, key: str) -> Bilingual:
        """Return what a rater group is called, or its key."""
        return self.groups.get(key, Bilingual(key, key))

    def drawn_by(self, manifest: Manifest, batch: ManifestBatch) -> Bilingual:
        """Return the groups whose people draw from this batch, in one text."""
        return listed([self.group(key) for key in manifest.drawn_by(batch)])


def ballot_titles(session: Session, survey_ids: Collection[int]) -> dict[int, str]:
    """Return ballot → title, which stands from its opening on as its manifest says it.

    One whose survey is gone is not in it.
    """
    wanted = select(Survey.id, Survey.title).where(Survey.id.in_(survey_ids))
    return {number: title for number, title in session.execute(wanted)}  # noqa: C416 -- typed


def paper_page(session: Session, manifest: Manifest, asked: ListAsked) -> ListPage[int]:
    """Return one page of the manifest's units, by number.

    A search looks into the office's register; what is listed is what was signed.
    """
    units = sorted(manifest.subjects)
    found = units
    if asked.search:
        named = units_found(session, manifest.survey_id, asked.search)
        found = [unit for unit in units if unit in named]
    number = min(asked.page, max(1, -(-len(found) // PER_PAGE)))
    first = (number - 1) * PER_PAGE
    rows = tuple(found[first : first + PER_PAGE])
    return ListPage(rows, number, len(found), len(units))


def paper_names(
    session: Session, manifest: Manifest, units: Collection[int]
) -> PaperNames:
    """Return the names of some of its units, of their subjects, and of rater groups."""
    subjects = [one for unit in units for one in manifest.subjects.get(unit, ())]
    rated = rated_some(session, manifest.survey_id, subjects)
    return PaperNames(
        units={one.unit.id: one.unit.shown for one in rated},
        subjects={one.id: RatedName(one.name, one.title) for one in rated},
        groups=_groups(session, manifest.survey_id),
        rules=_rules(session, manifest),
        taken_out={
            one.subject_id: one for one in taken_out_of(session, [manifest.survey_id])
        },
    )


def _rules(session: Session, manifest: Manifest) -> tuple[Remark, ...]:
    """Return the rules in the words of the questionnaire; none where that is gone."""
    survey = session.get(Survey, manifest.survey_id)
    if survey is None or not manifest.ballot_rules:
        return ()
    asked = Questionnaire.from_json(survey.questionnaire)
    return tuple(rule_words(rule, asked) for rule in manifest.ballot_rules)


def _groups(session: Session, survey_id: int) -> dict[str, Bilingual]:
    """Return rater group → label; none where the survey or its component is gone."""
    survey = session.get(Survey, survey_id, options=[joinedload(Survey.cycle)])
    return survey.group_labels if survey else {}
