"""An OpenID Connect provider on loopback, of Authlib's own provider side.

It signs in whoever it is told to without asking anything, and can be told to lie.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "survey", "the secret of the platform"
REDIRECTS = ("/office/sign-in/return",)


class Known(ClientMixin):  # type: ignore[misc]  # Authlib has no types
    """The one client the provider knows: the platform."""

    id_token_signed_response_alg = ""

    def get_client_id(self) -> str:
        return CLIENT

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith(REDIRECTS)

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Granted:
    """One code that was handed out, with what Authlib asks of it."""

    code: str
    asked: Mapping[str, str]
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.asked["redirect_uri"]

    def get_scope(self) -> str:
        return self.asked["scope"]

    def get_nonce(self) -> str | None:
        return self.asked.get("nonce")

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> str | None:
        return None

    def get_amr(self) -> list[str] | None:
        return None


@dataclass
class Provider:
    """What the provider says, to be changed by tests, and what it was asked."""

    issuer: str
    user: dict[str, Any] = field(
        default_factory=lambda: {"sub": "7", "preferred_username": "zhang.wei"}
    )
    lies: dict[str, Any] = field(default_factory=dict)
    """Claim → what the ID token says in place of the truth; None: leaves it out."""
    metadata: dict[str, Any] = field(default_factory=dict)
    """What its discovery document says otherwise."""
    userinfo: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signs_with: RSAKey | None = None
    """Another key than the one it publishes."""
    codes: dict[str, Granted] = field(default_factory=dict)
    asked: list[Mapping[str, str]] = field(default_factory=list)

    def authorize(self, location: str) -> str:
        """Follow a redirect to it as a browser does; return where it leads back."""
        reply = requests.get(location, allow_redirects=False, timeout=10)
        assert reply.status_code == 302, reply.text
        return reply.headers["Location"]


class Said(OpenIDCode):  # type: ignore[misc]  # Authlib has no types
    """The ID token, with what the provider lies about in it."""

    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self.provider = provider

    def exists_nonce(self, _nonce: str, _request: object) -> bool:
        return False

    def encode_id_token(self, _token: object, request: Any) -> str:
        now, provider = int(time.time()), self.provider
        truth = {
            "iss": provider.issuer, "aud": [CLIENT], "iat": now, "exp": now + 3600,
            **self.get_authorization_code_claims(request.authorization_code),
            **provider.user,
        }  # fmt: skip
        said = {k: v for k, v in (truth | provider.lies).items() if v is not None}
        key = provider.signs_with or provider.key
        return jwt.encode({"alg": "RS256", "kid": "1"}, said, key)


class Codes(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    """The codes the provider hands out, each good once."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)
    provider: Provider

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked = dict(request.payload.data)
        self.provider.codes[code] = Granted(
            code, asked, asked["code_challenge"], asked["code_challenge_method"]
        )

    def query_authorization_code(self, code: str, _client: object) -> Granted | None:
        return self.provider.codes.get(code)

    def delete_authorization_code(self, authorization_code: Granted) -> None:
        del self.provider.codes[authorization_code.code]

    def authenticate_user(self, _authorization_code: object) -> object:
        return self.provider.user


def _application(provider: Provider) -> Flask:
    app = Flask("provider")
    server = AuthorizationServer(
        app, query_client=lambda _id: Known(), save_token=lambda _token, _request: None
    )
    of_it = type("OfIt", (Codes,), {"provider": provider})
    server.register_grant(of_it, [Said(provider), CodeChallenge()])

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        own = {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "userinfo_endpoint": f"{provider.issuer}/userinfo",
            "jwks_uri": f"{provider.issuer}/keys",
            "end_session_endpoint": f"{provider.issuer}/end",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        return jsonify(own | provider.metadata)

    @app.get("/keys")
    def keys() -> Response:
        return jsonify({"keys": [provider.key.as_dict(private=False)]})

    _flow(app, provider, server)
    return app


def _flow(app: Flask, provider: Provider, server: AuthorizationServer) -> None:
    @app.get("/authorize")
    def authorize() -> Any:
        provider.asked.append(request.args.to_dict())
        grant = server.get_consent_grant(end_user=provider.user)
        return server.create_authorization_response(
            grant_user=provider.user, grant=grant
        )

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/userinfo")
    def userinfo() -> Response:
        return jsonify({"sub": provider.user["sub"]} | provider.userinfo)

    @app.get("/end")
    def end() -> Any:
        return redirect(request.args["post_logout_redirect_uri"])


@contextmanager
def identity_provider() -> Iterator[Provider]:
    """Run a provider until the block ends."""
    provider = Provider("")
    server = make_server("127.0.0.1", 0, _application(provider), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
