"""What is said where something that was written down for good cannot be read."""

from survey_app.domain.ground import frozen_text
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import Refusal
from survey_app.refusing.said import Said

NOT_SHOWN = (
    message("This page cannot be shown just now"),
    message(
        "What belongs to it is kept in a form that cannot be read here. The office is "
        "told by its own pages; come back later."
    ),
)
STILL_THERE = message(
    "This one cannot read them. The office still has them; ask there for the papers "
    "that were posted."
)
BROKEN = Said(
    409,
    office=(
        message("Something that was kept cannot be read"),
        message(
            "%(text)s is not whole, or something else stands in its place: a disk, a "
            "program or a person changed it. Nothing of it is shown. Note the time, "
            "change nothing, and tell whoever runs this server: a backup from before "
            "restores it."
        ),
    ),
    respondent=NOT_SHOWN,
    terminal=message(
        "It is no such text, or not a whole one: take it again from where it was made, "
        "or restore a backup."
    ),
)

TEXTS: dict[type[Refusal], Said] = {
    frozen_text.TextRefused: BROKEN,
    frozen_text.BrokenText: BROKEN,
    frozen_text.EarlierFormat: Said(
        409,
        office=(
            message(
                "A very early version of this program wrote something nothing can be "
                "made of"
            ),
            message(
                "%(text)s has a format that is known no more. Nothing was changed. "
                "Tell whoever runs this server; the program that wrote it can still "
                "show it."
            ),
        ),
        respondent=(
            message("These papers were written by an earlier program"),
            STILL_THERE,
        ),
        terminal=message(
            "An earlier program wrote it, in a format nothing can be made of any more."
        ),
    ),
    frozen_text.NewerFormat: Said(
        409,
        office=(
            message(
                "A later version of this program wrote something this one cannot read"
            ),
            message(
                "%(text)s was written by a newer program than the one that runs here. "
                "Nothing was changed and nothing is lost. Tell whoever runs this "
                "server to bring the program up to date."
            ),
        ),
        respondent=NOT_SHOWN,
        but={
            "ballot": (
                message("These papers were written by a later program"),
                message(
                    "This one is too old to read them. The office still has them; ask "
                    "there for the papers that were posted."
                ),
            )
        },
        terminal=message(
            "A later version of this program wrote it: bring this one up to date."
        ),
    ),
}
