"""What must be told before starting; read once, then frozen."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Self


class SettingsError(Exception):
    """The environment does not say what we need; every fault is named at once."""


PLACE = re.compile(
    r"(?:(?:[a-z0-9-]+\.)*[a-z0-9-]+\.?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?",
    re.IGNORECASE,
)
NEAR = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$)")
"""Addresses of this very machine: nobody listens on the way."""
NOT_IN_AN_ADDRESS = (
    (
        lambda address: not address.startswith(("http://", "https://")),
        "must begin with http:// or https://, in small letters",
    ),
    (
        lambda address: not address.isascii(),
        "must be written in ASCII: a Chinese name of a host begins with xn--",
    ),
    (
        lambda address: not address.isprintable() or " " in address,
        "must hold no spaces",
    ),
    (
        lambda address: "@" in address,
        "must name no user and no password",
    ),
    (
        lambda address: "?" in address or "#" in address,
        "must end before ? and #",
    ),
    (
        lambda address: address.partition("://")[2].partition("/")[2],
        "must be an address without a path, such as https://survey.example: the "
        "platform answers at the top of a name or a port of its own",
    ),
    (
        lambda address: not PLACE.fullmatch(_place(address)),
        "must name a host, such as https://survey.example, and at most a port",
    ),
    (
        lambda address: (
            int(_place(address).rpartition(":")[2]) > 65535
            if re.search(r":\d+$", _place(address))
            else False
        ),
        "must name a port below 65536",
    ),
)
"""What the public address must not be, and what to say: it goes onto paper that cannot
be changed, so nothing in it is left to luck. The first that applies is said."""


ANCHORS = re.compile(r"|/.*[^/]|syslog:(?:[A-Za-z0-9.-]+:[0-9]{1,5})?")


def fault_in_address(address: str) -> str:
    """Return what keeps the public address from being printed, or nothing."""
    said = (say for is_wrong, say in NOT_IN_AN_ADDRESS if is_wrong(address))
    return next(said, "")


def _place(address: str) -> str:
    """Return host and port of an address."""
    return address.partition("://")[2].partition("/")[0]


@dataclass(frozen=True, slots=True)
class Settings:
    """Read once at start; `SURVEY_DATABASE_URL` fills `database_url`, and so on."""

    database_url: str
    """`sqlite:////path/file.sqlite` or `postgresql://user@host/name`."""

    secret_key: str
    """Signs channel codes and office cookies; changing it ends every printed poster."""

    public_url: str = "http://127.0.0.1:8000"
    """The address citizens reach; it is printed into every QR code."""

    zone: str = "Asia/Shanghai"
    """Where the respondents are: decides which day it is."""

    place_name: str = "示范县"
    """Who asks; stands at the head of posters and of the respondent's page."""

    contact: str = ""
    """Telephone or desk for help, printed on posters; empty leaves the line out."""

    slots: int = 1
    """Over how many slots answers spread; above 1 only on a distributed database."""

    answers_per_minute: int = 600
    """From one neighbourhood of addresses through one channel; ten times as many where
    the address is not known."""

    redis_url: str = ""
    """Where the processes of all machines add up what they let in, for a minute; empty:
    in PostgreSQL, or with SQLite in this machine's memory."""

    idle_minutes: int = 30
    """After so long without a page, a sign-in of the office ends."""

    sign_in_hours: int = 12
    """After so long every sign-in of the office ends, used or not."""

    second_factor: str = "see-results count decide keep"
    """Permissions, with spaces between: whoever has one needs a code of a phone besides
    a password; empty: nobody needs one, and everybody may set one up."""

    oidc_issuer: str = ""
    """Address of an OpenID Connect provider as it calls itself; empty: none."""

    oidc_client_id: str = ""
    """What the provider calls this platform."""

    oidc_client_secret: str = ""
    """By which the provider knows us; empty: see the file, or there is none."""

    oidc_client_secret_file: str = ""
    """A file with the secret in it, in place of the setting above."""

    oidc_claim: str = "preferred_username"
    """What the provider says that must be the name of an account here."""

    oidc_name: str = "统一身份认证"
    """What the sign-in page calls the provider."""

    oidc_second_factor: str = ""
    """Claim and values that prove a second factor there, such as `amr=mfa otp`; empty:
    the provider proves none, and ours is asked for."""

    trusted_proxies: int = 0
    """How many proxies of our own stand in front and set X-Forwarded-For."""

    metrics_port: int = 0
    """Loopback port on which Prometheus finds numbers and nothing else is served; 0:
    there are none."""

    ballot_database_url: str = ""
    """Where secret ballots lie, apart from everything else; empty: beside SQLite's main
    file, and none on PostgreSQL."""

    ballot_secrets: str = ""
    """Folder for what must never lie in a database: peppers and signing keys; empty:
    beside the file of the ballot database."""

    queue_url: str = ""
    """Where the numbers of jobs wait for whoever works them off: `redis://host/0`, or
    `postgresql://`; empty: beside SQLite's main file, or in PostgreSQL's database."""

    record_anchor: str = ""
    """Where the newest hash of the record of acts is told besides, after every act: a
    file, `syslog:` of this machine or `syslog:host:514`; empty: nowhere."""

    excluded_roles: str = ""
    """Roles of which nobody may hold both, besides those fixed by the program:
    `designer+counter, reviewer+decider`."""

    rules: str = ""
    """Folder with the county's own `questionnaires` and `schemes`; empty: none."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Return the settings, or raise SettingsError naming everything wrong."""
        given: dict[str, str | int] = {}
        faults = []
        for field in fields(cls):
            name = f"SURVEY_{field.name.upper()}"
            if name not in environment:
                if field.default is MISSING:
                    faults.append(f"{name} is missing")
            elif field.type is int:
                if environment[name].isdecimal():
                    given[field.name] = int(environment[name])
                else:
                    faults.append(f"{name} must be a whole number")
            else:
                given[field.name] = environment[name]
        if faults:
            raise SettingsError("; ".join(faults))
        return cls(**given)  # type: ignore[arg-type]  # checked field by field above

    @property
    def ballots_at(self) -> str:
        """The address of the ballot database; empty where there is none."""
        if self.ballot_database_url or not self.database_url.startswith("sqlite"):
            return self.ballot_database_url
        return re.sub(r"(\.\w+)?$", r"-ballots\1", self.database_url, count=1)

    @property
    def queue_at(self) -> str:
        """The address of the queue of jobs."""
        if self.queue_url or not self.database_url.startswith("sqlite"):
            return self.queue_url or self.database_url
        return re.sub(r"(\.\w+)?$", r"-queue\1", self.database_url, count=1)

    @property
    def secrets_folder(self) -> Path | None:
        """The folder of peppers and signing keys; None where nobody named one."""
        if self.ballot_secrets:
            return Path(self.ballot_secrets)
        if not self.ballots_at.startswith("sqlite"):
            return None
        return Path(self.ballots_at.removeprefix("sqlite:///") + "-secrets")

    def __post_init__(self) -> None:
        """Refuse values that would only fail later, at the worst moment."""
        faults = []
        if len(self.secret_key) < 32:
            faults.append("SURVEY_SECRET_KEY needs at least 32 characters")
        if wrong := fault_in_address(self.public_url):
            faults.append(f"SURVEY_PUBLIC_URL {wrong}")
        if self.slots < 1 or self.answers_per_minute < 1:
            faults.append("SURVEY_SLOTS and SURVEY_ANSWERS_PER_MINUTE are at least 1")
        if self.idle_minutes < 1 or self.sign_in_hours < 1:
            faults.append("SURVEY_IDLE_MINUTES and SURVEY_SIGN_IN_HOURS are at least 1")
        faults += self._faults_of_provider()
        if not ANCHORS.fullmatch(self.record_anchor):
            faults.append(
                "SURVEY_RECORD_ANCHOR must name a file by its whole path, syslog: or "
                "syslog:host:514"
            )
        if self.ballots_at == self.database_url:
            faults.append("SURVEY_BALLOT_DATABASE_URL must name a database of its own")
        if faults:
            raise SettingsError("; ".join(faults))

    def _faults_of_provider(self) -> list[str]:
        """Return what keeps the identity provider from being used."""
        issuer, proof = self.oidc_issuer, self.oidc_second_factor
        claim, _equals, values = proof.partition("=")
        rules = (
            (
                issuer and not issuer.startswith("https://") and not NEAR.match(issuer),
                "SURVEY_OIDC_ISSUER must begin with https://",
            ),
            (
                issuer and not (self.oidc_client_id and self.oidc_claim),
                "SURVEY_OIDC_CLIENT_ID and SURVEY_OIDC_CLAIM are missing",
            ),
            (
                self.oidc_client_secret and self.oidc_client_secret_file,
                "SURVEY_OIDC_CLIENT_SECRET and its file are both set: take one",
            ),
            (
                proof and not (claim.strip() and values.split()),
                "SURVEY_OIDC_SECOND_FACTOR must read like amr=mfa otp",
            ),
        )
        return [said for is_wrong, said in rules if is_wrong]
