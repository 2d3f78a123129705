"""Signing in through an OpenID Connect provider; the only importer of Authlib.

Authlib does the protocol: state, nonce and PKCE lie in the office's signed cookie until
the browser is back. Nobody gets an account by it: the provider says a name, and an
account with this name must have been made here. It is reached by links alone, never by
a form: a form that ends on another site is what our policy for pages forbids.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from flask import (
    Flask,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue

from survey_app.accounts.provider_sign_in import sign_in_known
from survey_app.accounts.sign_in_tries import (
    count_try,
    give_back,
    refuse_spent,
    turn_of_provider,
)
from survey_app.database import reading, session, writer
from survey_app.domain.ground.refusals import NotFound, TooManyRequests
from survey_app.forms.account_forms import SignInForm
from survey_app.settings import Settings
from survey_app.web.clock import now
from survey_app.web.office.access import open_door
from survey_app.web.office.accounts.sign_in import sign_in_page, within_office
from survey_app.web.office.entering import (
    PROVIDER,
    Halfway,
    Refused,
    caller,
    lasts,
    welcome,
)
from survey_app.web.office.found import settings
from survey_app.web.office.pages import pages

NAME, NEXT = "provider", "next"
STATE = f"_state_{NAME}_"
"""How Authlib's entries in the cookie begin."""
AT_ONCE = 2
"""Sign-ins that one browser may have begun; more would not fit into a cookie."""
PATIENCE = 10
"""Seconds the provider has for one reply."""
LEEWAY = 60
"""Seconds that the provider's clock may differ from ours."""
SIGNED_BY = {
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
    "EdDSA",
}  # fmt: skip
"""Signatures taken: none that the platform itself could make."""
SCOPES = {"sub": "openid", "email": "openid email"}
USUALLY = "openid profile"
AWAY = Refused("provider away", 503)
STALE = Refused("provider stale", 400)
UNPROVED = Refused("provider refused", 422)


class NotProvedError(Exception):
    """What came back proves nobody."""


def init_app(app: Flask, settings: Settings) -> None:
    """Get to know the provider of the settings, if they name one."""
    app.jinja_env.globals["identity_provider"] = lambda: (
        settings.oidc_name if settings.oidc_issuer else ""
    )
    if not settings.oidc_issuer:
        return
    # It loads a whole HTTP client, which most offices never need.
    from authlib.integrations.flask_client import OAuth  # noqa: PLC0415

    secret, file = settings.oidc_client_secret, settings.oidc_client_secret_file
    secret = Path(file).read_text("utf-8").strip() if file else secret
    app.extensions["office_provider"] = OAuth(app).register(
        NAME,
        client_id=settings.oidc_client_id,
        client_secret=secret or None,
        server_metadata_url=(
            f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
        ),
        client_kwargs={
            "scope": SCOPES.get(settings.oidc_claim, USUALLY),
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE,
            **({} if secret else {"token_endpoint_auth_method": "none"}),
        },
    )


@pages.get("/sign-in/provider")
@open_door
def begin_at_provider() -> ResponseReturnValue:
    """Lead to the provider."""
    claim, values = _proof()
    asked = {"acr_values": " ".join(values)} if claim == "acr" else {}
    _forget_older()
    back = _address(".return_from_provider")
    try:
        leading = _client().authorize_redirect(back, **asked)
    except _faults() as fault:
        return _refused(AWAY, fault)
    cookie[NEXT] = request.args.get("next", "")
    return cast("ResponseReturnValue", leading)


@pages.get("/sign-in/return")
@open_door
def return_from_provider() -> ResponseReturnValue:
    """Let in whoever the provider sent back, if an account has the name it says."""
    _client_known()
    if f"{STATE}{request.args.get('state', '')}" not in cookie:
        return _refused(STALE)
    try:
        claims = _counted()
    except TooManyRequests as refusal:
        return _refused(Refused("wait", 429, refusal.seconds))
    except NotProvedError as fault:
        return _refused(UNPROVED, fault.__cause__ or fault)
    to = str(cookie.get(NEXT, ""))
    outcome = _enter(claims)
    if isinstance(outcome, Refused):
        return _refused(outcome)
    cookie[PROVIDER] = True
    if isinstance(outcome, Halfway):
        return redirect(url_for(".sign_in_code", next=to or None), 303)
    return redirect(within_office(to), 303)


@pages.get("/signed-out")
@open_door
def signed_out() -> str:
    """Say that the sign-in at the provider may go on, and link to its end."""
    try:
        client = _client()
        own = {"client_id": client.client_id}
        url = client.create_logout_url(_address(".sign_in"), **own)["url"]
    except _faults():  # RuntimeError, too: it has no such page
        url = ""
    return render_template("office/accounts/signed_out.html", url=url)


def _counted() -> Mapping[str, Any]:
    """Return what the provider says about whoever came back; a failure is counted.

    Raises NotProvedError and TooManyRequests.
    """
    turn = turn_of_provider(caller())
    with reading(session()) as reader:
        refuse_spent(reader, turn, now=now())
    count_try(writer(), turn, now=now())
    try:
        claims = _claims()
    except _faults() as fault:
        raise NotProvedError from fault
    give_back(writer(), turn)
    writer().commit()
    return claims


def _claims() -> Mapping[str, Any]:
    """Return the verified claims. Raises one of `_faults()`."""
    issuer, name = settings().oidc_issuer, settings().oidc_claim
    if request.args.get("iss", issuer) != issuer:  # RFC 9207
        raise NotProvedError
    wanted = {"iss": {"essential": True, "value": issuer}}
    client = _client()
    token = client.authorize_access_token(claims_options=wanted, leeway=LEEWAY)
    if "id_token" not in token:
        raise NotProvedError
    claims: dict[str, Any] = dict(token["userinfo"])
    if name not in claims:
        more = client.userinfo(token=token)
        if more.get("sub") != claims["sub"]:
            raise NotProvedError
        claims |= {key: more[key] for key in (name, "email_verified") if key in more}
    if name == "email" and claims.get("email_verified") is not True:
        raise NotProvedError
    return claims


def _enter(claims: Mapping[str, Any]) -> object:
    """Sign in the account that has the provider's name, or say that there is none."""
    name = claims.get(settings().oidc_claim)
    name = name if isinstance(name, str) else ""
    claim, values = _proof()
    said = claims.get(claim)
    told = said if isinstance(said, list) else [said]
    proved = any(isinstance(one, str) and one in values for one in told)
    try:
        entered = sign_in_known(writer(), name, proved=proved, now=now(), lasts=lasts())
    except NotFound:
        return Refused("provider unknown", 422, name=name)
    return welcome(entered)


def _proof() -> tuple[str, set[str]]:
    """Return the claim that proves a second factor, and its values that do."""
    claim, _equals, values = settings().oidc_second_factor.partition("=")
    return claim.strip(), set(values.split())


def _client() -> Any:
    """Return Authlib's client, once it knows the provider and that it is the one."""
    client = _client_known()
    metadata = client.load_server_metadata()
    if metadata.get("issuer") != settings().oidc_issuer:
        metadata.clear()  # asked for anew next time
        raise NotProvedError
    key = "id_token_signing_alg_values_supported"
    metadata[key] = sorted(SIGNED_BY & set(metadata.get(key) or ["RS256"]))
    return client


def _client_known() -> Any:
    """Return Authlib's client; raises NotFound where the settings name no provider."""
    client = current_app.extensions.get("office_provider")
    if client is None:
        raise NotFound
    return client


def _faults() -> tuple[type[Exception], ...]:
    """Return how it fails: the network, the protocol, the token, or what it says."""
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415
    from requests import RequestException  # noqa: PLC0415

    return (
        RequestException, AuthlibBaseError, JoseError, NotProvedError,
        RuntimeError, ValueError, KeyError, TypeError, AttributeError,
    )  # fmt: skip


def _refused(why: Refused, fault: BaseException | None = None) -> ResponseReturnValue:
    """Draw the sign-in page; the log learns what kind of fault it was, and no more."""
    if fault is not None:
        kind = type(fault).__name__
        current_app.logger.warning("identity provider: %s, %s", why.why, kind)
    return make_response(sign_in_page(SignInForm(formdata=None), why))


def _forget_older() -> None:
    """Leave room in the cookie for one more sign-in that begins."""
    begun = sorted(
        (key for key in cookie if key.startswith(STATE)),
        key=lambda key: float(cookie[key]["exp"]),
    )
    for key in begun[: max(0, len(begun) - AT_ONCE + 1)]:
        cookie.pop(key)


def _address(endpoint: str) -> str:
    """Return an address of ours as the provider must know it."""
    return settings().public_url.rstrip("/") + url_for(endpoint)
