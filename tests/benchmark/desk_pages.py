"""The pages of the office that are measured, by what the table calls them."""

from survey_app.accounts.permissions import APPRAISED, AUDITOR, KEEPER

PAGES = {
    "desk": "/",
    "calendar": "/calendar",
    "results": "/surveys/{closed_survey}/results",
    "results of one unit": "/surveys/{closed_survey}/results/1",
    "score sheets": "/score-sheets/{closed_cycle}",
    "one score sheet": "/score-sheets/{closed_cycle}/{cadre}",
    "alerts": "/alerts",
    "alerts by state": "/alerts/cases?state=raised",
    "one alert": "/alerts/{alert}",
    "an act about it": "/alerts/{alert}/review/begin",
    "objections": "/objections",
    "picture: scores": "/surveys/{closed_survey}/pictures/units-score",
    "picture: dissatisfied": "/surveys/{closed_survey}/pictures/units-dissatisfied",
    "picture: questions": "/surveys/{closed_survey}/pictures/questions",
    "picture: cycle": "/cycles/{closed_cycle}/pictures",
    "picture: one file": "/surveys/{closed_survey}/picture-units-score.svg",
    "papers": "/cycles/{closed_cycle}/papers",
    "paper: sheet": "/cycles/{closed_cycle}/papers/sheet-{cadre}",
    "paper: verification": "/cycles/{closed_cycle}/papers/verification-{alert}",
    "paper: summary": "/cycles/{closed_cycle}/papers/summary",
    "paper: public notice": "/cycles/{closed_cycle}/papers/notice",
    "turnout": "/surveys/{open_survey}/turnout",
    "survey": "/surveys/{open_survey}",
    "surveys": "/surveys",
}
OF_OTHERS = {
    AUDITOR: {
        "record": "/record",
        "record, an act": "/record?act=sign-in",
        "record, a survey": "/record?about=survey:{closed_survey}",
    },
    KEEPER: {"accounts": "/accounts", "roles": "/accounts/1/roles"},
    APPRAISED: {
        "own": "/own",
        "own results": "/own/{closed_survey}/{body}",
    },
}
"""Role → pages that only it has."""
WITH_AN_EARLIER = {"picture: change": "/surveys/{open_survey}/pictures/change-score"}
"""Pages once the open survey is over, too."""
