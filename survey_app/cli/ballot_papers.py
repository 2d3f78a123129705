"""A closed box, from its export to its papers: with both keys, without a database."""

import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from survey_app.ballot.paper.challenge import (
    ReadableChallenge,
    commitment_of,
    readable_challenges,
)
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.paper.export import Export
from survey_app.ballot.paper.fragments import recount_lines
from survey_app.ballot.paper.head import CountedBatch, Head, SignedHead
from survey_app.ballot.paper.ticket import ticket_code_of
from survey_app.ballot.sealing.decrypting import decrypt_box, decrypt_challenges
from survey_app.ballot.sealing.keys import HolderKey
from survey_app.cli.keys import unlocked
from survey_app.cli.told import (
    agreed,
    refuse_existing,
    refused,
    say,
    secret_asked,
    text_in,
    told,
    write_new,
)
from survey_app.cli.verify import print_wall
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import ChallengeNotDecrypted

PUBLIC = ("head.json", "fragments.jsonl", "trackers.txt")
COMPLETE = "opened.json"


def decrypt(
    export_file: Path,
    key_files: Sequence[Path],
    passphrase_files: Sequence[Path],
    folder: Path,
) -> None:
    """Decrypt an exported box with both keys and write its papers into a folder.

    Challenge ballots are opened and shown first; nothing else is opened before somebody
    says that the auditors agree. Raises what `opened_together` raises.
    """
    refuse_full(folder)
    exported = Export.from_text(text_in(export_file))
    opened, _ = opened_together(exported, key_files, passphrase_files)
    write_new(folder / COMPLETE, opened.to_text())
    write_public(folder, opened.signed, opened, exported.content.trackers)
    print_result(opened.head)
    say(message("opened.json goes to the server and nowhere else; then destroy it."))


def opened_together(
    exported: Export, key_files: Sequence[Path], passphrase_files: Sequence[Path]
) -> tuple[Decrypted, list[HolderKey]]:
    """Return what was in the box, and the keys that opened it.

    Whatever was said before: nobody agrees to what was not shown yet. Raises Stopped
    where the auditors do not agree, ChallengeNotDecrypted without asking where a
    challenge ballot does not open, ExportRefused, KeyRefused and WrongPassphrase.
    """
    keys = unlocked(key_files, passphrase_files)
    challenges = decrypt_challenges(exported, keys)
    print_challenges(
        readable_challenges(challenges, exported.questionnaire, exported.names)
    )
    if not all(challenge.opens for challenge in challenges):
        raise ChallengeNotDecrypted
    refuse_uncompared(len(challenges))
    return decrypt_box(exported, keys), keys


def refuse_uncompared(challenges: int) -> None:
    """Return once somebody says that the auditors agree; Stopped for another answer."""
    if challenges:
        agreed(
            message(
                "Did the auditors compare all %(number)s challenge ballots with their "
                "notes, and do they agree? One difference: stop, the survey is void"
            ),
            number=challenges,
        )


def commit(code: str) -> None:
    """Bind an auditor to the slip with this code, before the survey opens.

    Without a code it is asked for, and leaves no trace in the terminal's history.
    Raises Stopped for what is no code of a slip.
    """
    meant = ticket_code_of(code or secret_asked(message("Code on the slip")))
    if meant is None:
        raise refused(message("This is no code of a slip; type it again."))
    nonce = secrets.token_hex(16)
    say(message("Keep with the slip, nonce: %(nonce)s"), nonce=nonce)
    bound = commitment_of(meant, nonce)
    say(message("Hand in, commitment: %(commitment)s"), commitment=bound)


def refuse_full(folder: Path) -> None:
    """End with one line if papers of an opening lie in the folder already."""
    refuse_existing(*(folder / name for name in (*PUBLIC, COMPLETE)))


def write_public(
    folder: Path, signed: SignedHead, opened: Decrypted, trackers: tuple[bytes, ...]
) -> None:
    """Write head, recount file and trackers: what everybody may have."""
    lines = recount_lines(opened.fragments, signed.head.tally)
    for name, text in zip(
        PUBLIC,
        (signed.to_json(), "\n".join(lines), "\n".join(one.hex() for one in trackers)),
        strict=True,
    ):
        write_new(folder / name, text + "\n")


def print_result(head: Head) -> None:
    """Print what an opening found: counts, and what was spoiled or invalid."""
    say(
        message("%(title)s: head %(head)s"),
        title=head.title,
        head=head.fingerprint,
    )
    print_wall(message("manifest"), head.manifest)
    for batch in head.batches:
        print_batch(batch)
    say(
        message("%(fragments)s fragments, %(comments)s comments."),
        fragments=head.fragments,
        comments=head.comments,
    )


def print_challenges(challenges: Iterable[ReadableChallenge]) -> None:
    """Print the challenge ballots in words, for comparing with the auditors' notes."""
    for challenge in challenges:
        say(
            message(
                "Challenge ballot %(tracker)s; compare it with the auditor's note:"
            ),
            tracker=challenge.tracker,
        )
        if not challenge.opens:
            say(message("  DOES NOT OPEN. Stop: the survey is void."))
        for name, answers in challenge.about:
            say("  %(name)s", name=name)
            for question, choice in answers:
                say("    %(question)s: %(said)s", question=question.zh, said=choice.zh)


def print_batch(batch: CountedBatch, groups: Iterable[str] = ()) -> None:
    """Print the reconciliation of one batch, from which these groups drew."""
    verdict = told(
        message("VOID, not opened") if batch.void else message("%(valid)s counted"),
        valid=batch.valid,
    )
    say(
        message(
            "Unit %(unit)s, %(groups)s (%(batch)s): %(issued)s issued = %(used)s used "
            "+ %(voided)s voided + %(challenged)s challenged + %(outstanding)s "
            "outstanding; %(signed)s signed, %(spoiled)s spoiled, %(invalid)s invalid: "
            "%(verdict)s"
        ),
        unit=batch.unit,
        groups=" + ".join(groups) or batch.rater_group,
        batch=batch.batch_id[:8],
        issued=batch.issued,
        used=batch.used,
        voided=batch.voided,
        challenged=batch.challenged,
        outstanding=batch.outstanding,
        signed=batch.signed,
        spoiled=batch.spoiled,
        invalid=batch.invalid,
        verdict=verdict,
    )
