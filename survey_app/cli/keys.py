"""What each key holder does with his key, on a machine of his own: `survey-keys`."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from survey_app.ballot.paper.head import SignedHead
from survey_app.ballot.sealing.export_checks import (
    holders_of,
    is_signed_by_server,
    signed_by,
)
from survey_app.ballot.sealing.keys import (
    HolderKey,
    PublicKey,
    make_key,
    public_part,
    unlock,
)
from survey_app.cli.language import translate
from survey_app.cli.told import (
    Stopped,
    agreed,
    destroy,
    new_secret_asked,
    refuse_existing,
    refused,
    say,
    secret_asked,
    text_in,
    told,
    write_new,
)
from survey_app.domain.ground.frozen_text import TextRefused
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import KeyRefused
from survey_app.refusing.table import in_terminal


def make_a_key(holder: str, folder: Path, passphrase_files: Sequence[Path]) -> None:
    """Make the key of a holder: a private file to guard and a public file to hand in.

    Raises WeakPassphrase, and Stopped for a name that is a path or files there already.
    """
    if Path(holder).name != holder:
        raise refused(message("The name of the holder becomes a file's name."))
    private, public = folder / f"{holder}.key.json", folder / f"{holder}.public.json"
    refuse_existing(private, public)
    said = _from_files(passphrase_files)
    passphrase = next(said, None) or new_secret_asked(
        message("New passphrase of %(holder)s"), holder=holder
    )
    made = make_key(holder, passphrase)
    write_new(private, made.private_text)
    write_new(public, made.public.to_json() + "\n")
    say(
        message("%(file)s: guard it; without it and its passphrase no ballot opens."),
        file=private,
    )
    say(message("%(file)s: hand it in."), file=public)
    _say_fingerprint(made.public)


def show_a_key(file: Path) -> None:
    """Say whose key a file holds, private or public, and its fingerprint.

    Raises KeyRefused where it is neither.
    """
    text = text_in(file)
    try:
        public, kind = public_part(text), message("private key")
    except KeyRefused:
        public, kind = PublicKey.from_json(text), message("public key")
    say(
        "%(file)s: %(kind)s, %(holder)s",
        file=file,
        kind=told(kind),
        holder=public.holder,
    )
    _say_fingerprint(public)


def _say_fingerprint(public: PublicKey) -> None:
    say(message("Fingerprint for the wall: %(print)s"), print=public.fingerprint)


def destroy_a_key(file: Path, head_file: Path) -> None:
    """Destroy the key in a file after the box it was made for has been decrypted.

    Raises KeyRefused where the head says nothing of such an opening, and Stopped where
    the server has not taken the result and nobody insists.
    """
    public = public_part(text_in(file))
    signed = signed_head_in(head_file)
    names = {key.fingerprint: name for name, key in holders_of(signed.head)}
    if public.fingerprint not in names:
        raise KeyRefused("the survey of this head was not sealed to this key")
    if not signed_by(signed)[names[public.fingerprint]]:
        raise KeyRefused("this key has not signed the result, so the box is unopened")
    if not is_signed_by_server(signed):
        agreed(
            message(
                "The server has not signed that it took this result. If its file is "
                "lost, the ballots are lost with this key. Destroy it?"
            )
        )
    destroy(file)
    say_destroyed(public, signed)


def say_destroyed(public: PublicKey, signed: SignedHead) -> None:
    """Print the line for the minute that says that a key is gone."""
    say(
        message(
            "Destroyed: the key of %(holder)s, fingerprint %(print)s, after the "
            "opening of “%(title)s”, head %(head)s.  Date: ____________  Signature: "
            "____________"
        ),
        holder=public.holder,
        print=public.fingerprint,
        title=signed.head.title,
        head=signed.head.fingerprint,
    )


def signed_head_in(file: Path) -> SignedHead:
    """Return the head in a file, or end with one line that says what to do."""
    try:
        return SignedHead.from_json(text_in(file))
    except TextRefused as error:
        raise unreadable(file, error) from None


def unreadable(file: Path, error: TextRefused) -> Stopped:
    """Return what ends a verb with the paper that cannot be read, and why."""
    return Stopped(f"{file.name}: {in_terminal(error, translate())}")


def unlocked(files: Sequence[Path], passphrases: Sequence[Path]) -> list[HolderKey]:
    """Return the keys in these files; asks each holder for his passphrase."""
    said = _from_files(passphrases)
    return [_unlocked(file, next(said, None)) for file in files]


def _unlocked(file: Path, passphrase: str | None) -> HolderKey:
    text = text_in(file)
    holder = public_part(text).holder
    if passphrase is None:
        passphrase = secret_asked(message("Passphrase of %(holder)s"), holder=holder)
    return unlock(text, passphrase)


def _from_files(files: Sequence[Path]) -> Iterator[str]:
    """Yield the passphrase in each file: its first line."""
    for file in files:
        yield text_in(file).split("\n", 1)[0].removesuffix("\r")
