"""Whose form it is: its token against forgery also says for whom it was drawn.

So a form that comes back after the end of its sign-in can be locked for its owner, and
nobody can have one locked for somebody else: only pages drawn for an account carry its
mark, and the mark is signed.
"""

import hmac
import secrets

from flask import current_app
from flask import session as cookie
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadData, URLSafeTimedSerializer

from survey_app.accounts.sign_in import SignedIn

FIELD = "csrf_token"
"""In forms and in the cookie, as Flask-WTF calls it."""
_SALT = "wtf-csrf-token"  # Flask-WTF's own

csrf = CSRFProtect()


def mark_of(account: SignedIn) -> str:
    """Return what stands for the account in its tokens: no name and no number."""
    named = f"form owner\0{account.id}\0{account.username}".encode()
    return hmac.digest(secret_key(), named, "sha256").hex()[:32]


def begin_tokens(account: SignedIn) -> None:
    """Let the pages of this new sign-in carry tokens of the account."""
    cookie[FIELD] = f"{mark_of(account)}.{secrets.token_hex(20)}"


def owner_of(token: str) -> str | None:
    """Return the mark of the account a page was drawn for; None without any."""
    signed = URLSafeTimedSerializer(secret_key(), salt=_SALT)
    try:
        mark, dot, _ = str(signed.loads(token)).partition(".")
    except BadData:
        return None
    return mark if dot else None


def secret_key() -> bytes:
    """Return what this server signs with."""
    key = current_app.secret_key or ""
    return key.encode() if isinstance(key, str) else key
