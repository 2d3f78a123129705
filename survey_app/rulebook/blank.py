"""What a questionnaire or scheme made from nothing begins with."""

from collections.abc import Mapping

from survey_app.rulebook.tables import QUESTIONNAIRE, SCHEME

BLANK: Mapping[str, str] = {
    QUESTIONNAIRE: 'format = 1\nkey = "questionnaire"\nversion = 1\n',
    SCHEME: 'format = 1\nkey = "scheme"\nsubject = "cadre"\n'
    'total = { assumed = "100" }\n',
}
"""Kind → text; a kind that is not here is begun as a copy only."""
