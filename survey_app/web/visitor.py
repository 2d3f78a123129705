"""What Flask-Login knows of somebody signed in."""

from flask_login import UserMixin

from survey_app.accounts.sign_in import SignedIn


class Visitor(UserMixin):
    """Whoever holds a secret that the table of sign-ins knows."""

    def __init__(self, secret: str, account: SignedIn | None = None) -> None:
        self.secret = secret
        self.account = account

    def get_id(self) -> str:
        """Return what the cookie carries: the secret, never the account's number."""
        return self.secret
