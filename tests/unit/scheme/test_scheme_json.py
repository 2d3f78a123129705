"""A frozen scheme is one canonical text, and its digest the fingerprint."""

import json
from hashlib import sha256

import pytest

from survey_app.domain.ground.frozen_text import NewerFormat
from survey_app.domain.scheme.frozen_scheme import scheme_from_json, scheme_to_json
from survey_app.domain.scheme.scheme_file import read_scheme
from tests.support.small_scheme import SMALL_SCHEME, changed


def test_the_fingerprint_is_the_digest_of_the_canonical_text() -> None:
    scheme = read_scheme(SMALL_SCHEME, file="small.toml")
    renamed = read_scheme(changed(SMALL_SCHEME, ('"small"', '"other"')), file="")

    assert scheme_from_json(scheme_to_json(scheme)) == scheme
    assert scheme.fingerprint == sha256(scheme_to_json(scheme).encode()).hexdigest()
    assert scheme.fingerprint != renamed.fingerprint


def test_a_scheme_frozen_in_another_format_is_not_guessed_at() -> None:
    with pytest.raises(NewerFormat):
        scheme_from_json('{"format": 2}')


def test_the_canonical_text_is_sorted_and_leaves_out_what_nobody_set() -> None:
    text = scheme_to_json(read_scheme(SMALL_SCHEME, file="small.toml"))
    kept = json.loads(text)

    assert text == json.dumps(kept, sort_keys=True, ensure_ascii=False)
    assert "fingerprint" not in kept
    assert '"trim"' not in text
