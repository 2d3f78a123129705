"""The key to what a recount needs and not everybody reads: counts about named persons.

It stands on the signed minute. It is made from the server's secret key and the result's
fingerprint, kept nowhere, and opens the papers of this one result.
"""

import hmac

from survey_app.domain.printed_code import symbols
from survey_app.domain.typed_code import CodeForm, codes_in

PAPERS_KEY = CodeForm(32, 4)
"""160 bits; nobody guesses them."""


def papers_key(secret: bytes, fingerprint: str) -> str:
    """Return the key (32 symbols) to the result with this fingerprint (hex)."""
    own = hmac.digest(secret, b"papers-key\0", "sha256")
    made = hmac.digest(own, b"papers\0" + fingerprint.encode(), "sha256")
    return symbols(made, PAPERS_KEY.symbols)


def opens_papers(typed: str, key: str) -> bool:
    """Return whether the key was typed, however it was typed; in constant time."""
    fits = [
        hmac.compare_digest(one.encode(), key.encode())
        for one in codes_in(typed, PAPERS_KEY)
    ]
    return any(fits)
