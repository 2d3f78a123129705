"""Phones that look for a proof of work, and surveys that ask for one."""

from datetime import date

from altcha import Challenge, ChallengeParameters, solve_challenge
from sqlalchemy.orm import Session

from survey_app.survey.ask_proof import ask_for_proof
from survey_app.survey.proof_of_work import ALGORITHM, COST, PREFIX
from tests.support.respondents import Shown

MAY_1 = date(2026, 5, 1)
SWITCHED = {"reason": "one code is being stuffed", "account": "the designer"}


def found_for(challenge: str) -> str:
    """Return what a browser sends once it has looked long enough."""
    nonce, salt, _, _ = challenge.split(".")
    asked = ChallengeParameters(ALGORITHM, nonce, salt, COST, key_prefix=PREFIX)
    found = solve_challenge(Challenge(asked))
    assert found is not None
    return f"{challenge}.{found.counter}.{found.derived_key}"


def asked_in(page: Shown) -> str:
    """Return the challenge, or the proof, that stands in a page."""
    return page.named("proof")[0].get("value", "")


def let_ask(db: Session, survey_id: int, *, asked: bool = True) -> None:
    """Let an open survey ask for proofs, or for none any more."""
    ask_for_proof(db, survey_id, asked=asked, today=MAY_1, **SWITCHED)
