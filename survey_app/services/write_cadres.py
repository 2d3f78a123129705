"""Cadres → tables: added, changed or left alone, each a subject to be rated."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from survey_app.domain.bilingual import Bilingual
from survey_app.domain.roster.roster import CadreEntry
from survey_app.domain.roster.roster_sheets import CADRES, POSTS
from survey_app.domain.scheme import Post, SubjectKind
from survey_app.models.cadre import Cadre
from survey_app.models.subject import Subject
from survey_app.services.kept_roster import KeptRoster
from survey_app.services.roster_change import Change, change


def write_cadres(
    session: Session, kept: KeptRoster, entries: tuple[CadreEntry, ...]
) -> Iterator[Change]:
    """Yield what happens to every cadre; whoever calls commits or rolls back."""
    codes = {unit.id: unit.code for unit in kept.units.values()}
    new = [entry for entry in entries if entry.code not in kept.cadres]
    before = {code: _told(cadre, codes) for code, cadre in kept.cadres.items()}
    for entry in new:
        kept.cadres[entry.code] = Cadre(code=entry.code)
    for entry in entries:
        _fill_in(kept.cadres[entry.code], entry, kept)
    session.add_all(kept.cadres[entry.code] for entry in new)
    session.flush()
    for entry in entries:
        cadre = kept.cadres[entry.code]
        _make_subject(session, kept, cadre)
        yield change(
            CADRES,
            entry.row,
            Bilingual(entry.name, entry.name),
            before=before.get(entry.code),
            after=_told(cadre, codes),
            is_rated=kept.persons[cadre.id].id in kept.rated,
        )


def _fill_in(cadre: Cadre, entry: CadreEntry, kept: KeptRoster) -> None:
    """Let the cadre be what the workbook says."""
    cadre.name, cadre.title = entry.name, entry.title
    cadre.unit_id, cadre.post = kept.units[entry.unit].id, entry.post.value


def _told(cadre: Cadre, codes: dict[int, str]) -> dict[str, str | Bilingual]:
    """Return the cadre in the words of the sheet."""
    return {
        "name": cadre.name,
        "unit": codes[cadre.unit_id],
        "post": POSTS[Post(cadre.post)],
        "title": cadre.title,
    }


def _make_subject(session: Session, kept: KeptRoster, cadre: Cadre) -> None:
    """Let the cadre be rated, in the unit the cadre belongs to now."""
    person = kept.persons.get(cadre.id)
    if person is None:
        person = Subject(kind=SubjectKind.CADRE.value, cadre_id=cadre.id)
        session.add(person)
        kept.persons[cadre.id] = person
    person.unit_id = cadre.unit_id
