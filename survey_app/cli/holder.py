"""`survey-keys`: what key holders and auditors do, with nothing but cryptography.

It is installed alone on a holder's machine, where there is no platform, no database and
no network. `survey keys` and some of `survey ballots` are the same verbs.
"""

import argparse
import gettext
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from survey_app.cli.ballot_papers import commit, decrypt
from survey_app.cli.keys import destroy_a_key, make_a_key, show_a_key
from survey_app.cli.language import CHINESE, ENGLISH, SPOKEN, language_of, translate
from survey_app.cli.told import Stopped, told
from survey_app.cli.translations_of import FOLDER
from survey_app.cli.verify import NamedPapers, verify
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import Refusal
from survey_app.refusing.table import in_terminal

OF_ARGPARSE = (
    message("usage: "),
    message("positional arguments"),
    message("options"),
    message("show this help message and exit"),
    message("%(prog)s: error: %(message)s\n"),
    message("argument %(argument_name)s: %(message)s"),
    message("the following arguments are required: %s"),
    message("unrecognized arguments: %s"),
    message("expected one argument"),
    message("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""What Python's reader of command lines says by itself; it looks for translations."""


def main() -> None:
    """Run `survey-keys` with the words of the command line, in Chinese by default."""
    os.umask(0o077)  # what a verb writes is for its user alone
    words = sys.argv[1:]
    spoken = _asked_language(words) or language_of(os.environ, otherwise=CHINESE)
    SPOKEN.set(spoken)
    os.environ["LANGUAGE"] = spoken
    gettext.bindtextdomain("messages", FOLDER)
    gettext.textdomain("messages")
    try:
        run(words)
    except Stopped as stopped:
        _end(told(message("Error: %(what)s"), what=stopped))
    except Refusal as refused:
        _end(in_terminal(refused, translate()))
    except KeyboardInterrupt:
        _end(told(message("Stopped; nothing more was done.")))


def run(words: Sequence[str]) -> None:
    """Do what the words say.

    Leaves with status 1 where a check does not agree, and with 2 for words that mean
    nothing; raises Stopped and Refusal.
    """
    given = _reader().parse_args(words)
    verb: Callable[[argparse.Namespace], None] = given.verb
    verb(given)


def _end(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201 -- the terminal
    raise SystemExit(1)


def _asked_language(words: Sequence[str]) -> str:
    """Return what --language says, before anything is said in any language."""
    early = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    _add_language(early)
    return str(early.parse_known_args(words)[0].language)


def _add_language(reader: argparse.ArgumentParser) -> None:
    reader.add_argument(
        "--language",
        choices=(CHINESE, ENGLISH),
        default="",
        help=told(message("In which language it speaks.")),
    )


def _reader() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    reader = argparse.ArgumentParser(
        prog="survey-keys",
        allow_abbrev=False,
        description=told(
            message(
                "For key holders and auditors of a secret ballot: it needs no network "
                "and no database. docs/ceremony.md says when to do what."
            )
        ),
    )
    _add_language(reader)
    verbs = reader.add_subparsers(metavar=told(message("VERB")), required=True)
    for add in (_make, _show, _decrypt, _destroy, _verify, _commit):
        add(verbs)
    return reader


Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _verb(
    verbs: Verbs, name: str, said: str, run: Callable[[argparse.Namespace], None]
) -> argparse.ArgumentParser:
    made = verbs.add_parser(
        name, help=told(said), description=told(said), allow_abbrev=False
    )
    made.set_defaults(verb=run)
    return made


def _make(verbs: Verbs) -> None:
    verb = _verb(
        verbs, "make",
        message("Make a key: a private file to guard and a public file to hand in."),
        lambda given: make_a_key(given.holder, given.to, given.passphrase_file),
    )  # fmt: skip
    verb.add_argument(
        "holder",
        metavar=told(message("HOLDER")),
        help=told(message("Whose key it is, such as the organization department.")),
    )
    _add_file(verb, "--to", message("The folder to write into, such as a stick."))
    _add_passphrases(verb)


def _show(verbs: Verbs) -> None:
    said = message("Say whose key a file holds, and its fingerprint.")
    verb = _verb(verbs, "show", said, lambda given: show_a_key(given.file))
    _add_file(verb, "file", message("A private or a public key file."))


def _decrypt(verbs: Verbs) -> None:
    verb = _verb(
        verbs, "decrypt",
        message("Decrypt a box with both keys; challenge ballots come first."),
        lambda given: decrypt(given.export, given.key, given.passphrase_file, given.to),
    )  # fmt: skip
    _add_file(verb, "export", message("The export of the closed box."))
    verb.add_argument(
        "--key",
        type=Path,
        action="append",
        required=True,
        help=told(message("A holder's private key file; once for each holder.")),
    )
    _add_passphrases(verb)
    _add_file(verb, "--to", message("The folder to write the papers into."))


def _destroy(verbs: Verbs) -> None:
    verb = _verb(
        verbs, "destroy",
        message("Destroy a key after its box has been decrypted."),
        lambda given: destroy_a_key(given.file, given.head),
    )  # fmt: skip
    _add_file(verb, "file", message("The private key file."))
    _add_file(verb, "--head", message("The head.json of the public papers."))


def _verify(verbs: Verbs) -> None:
    said = message("Recount a result, check who signed it, find a tracker.")
    verb = _verb(verbs, "verify", said, _verified)
    _add_file(verb, "head", message("The head.json of the public papers."))
    _add_file(verb, "fragments", message("The fragments.jsonl of the public papers."))
    verb.add_argument(
        "--tracker",
        default="",
        help=told(message("The tracker on your receipt.")),
    )
    for name, what in (
        ("--trackers", message("The trackers.txt of the public papers.")),
        ("--manifest", message("The posted manifest.")),
        ("--closing", message("The posted closing.")),
    ):
        _add_file(verb, name, what, required=False)


def _verified(given: argparse.Namespace) -> None:
    papers = NamedPapers(
        given.fragments, given.trackers, given.tracker, given.manifest, given.closing
    )
    if not verify(given.head, papers):
        raise SystemExit(1)


def _commit(verbs: Verbs) -> None:
    verb = _verb(
        verbs, "commit",
        message("Bind an auditor to a slip, before the survey opens."),
        lambda given: commit(given.code),
    )  # fmt: skip
    verb.add_argument(
        "code",
        metavar=told(message("CODE")),
        nargs="?",
        default="",
        help=told(message("The code on the slip; better typed when asked for.")),
    )


def _add_file(
    verb: argparse.ArgumentParser, name: str, what: str, *, required: bool = True
) -> None:
    shown = name.lstrip("-").upper()
    added = verb.add_argument(name, type=Path, metavar=shown, help=told(what))
    added.required = required


def _add_passphrases(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--passphrase-file",
        type=Path,
        action="append",
        default=[],
        metavar=told(message("FILE")),
        help=told(
            message(
                "Read a passphrase from this file instead of asking; once for each key."
            )
        ),
    )
