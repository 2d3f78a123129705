"""A scheme's one canonical text: what the platform freezes and fingerprints.

Fractions are written "a/b", keys are sorted, and what equals its default is left out,
so that a setting added to the platform later does not change old fingerprints.
"""

from dataclasses import replace

from survey_app.domain.ground.canonical import fingerprint_of
from survey_app.domain.ground.frozen_text import SCHEME, BrokenText, parsed
from survey_app.domain.ground.plain import Misshapen, Plain, plain_of, value_of
from survey_app.domain.scheme.scheme import Scheme


def scheme_to_json(scheme: Scheme) -> str:
    """Return the canonical text, without the fingerprint: equal rules, equal text."""
    content: Plain = plain_of(scheme)
    del content["fingerprint"]
    return SCHEME.text_of(content)


def scheme_from_json(text: str) -> Scheme:
    """Return the scheme whose canonical text this is, of whatever version.

    Its fingerprint is that of the text as it was frozen. Raises TextRefused.
    """
    content = SCHEME.newest_of(parsed(text, SCHEME.name))
    try:
        kept = {"fingerprint": fingerprint_of(text)}
        return value_of(Scheme, content | kept)
    except Misshapen as wrong:
        raise BrokenText(SCHEME.name, str(wrong)) from None


def fingerprinted(scheme: Scheme) -> Scheme:
    """Return the scheme carrying the SHA-256 of its canonical text, in hex."""
    return replace(scheme, fingerprint=fingerprint_of(scheme_to_json(scheme)))
