"""What the domain has to say: a key and its figures, worded elsewhere.

Rules on a score sheet and reasons for withholding a score are remarks. The domain
knows neither languages nor sentences; `wording` turns a remark into one.
"""

from dataclasses import dataclass

from survey_app.domain.ground.bilingual import Bilingual


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth saying: which sentence, and what stands in its gaps."""

    key: str
    figures: tuple[tuple[str, str | Bilingual], ...] = ()


def remark(key: str, **figures: str | int | Bilingual) -> Remark:
    """Return the remark; whole numbers are written out in digits."""
    return Remark(
        key,
        tuple(
            [  # a list is quicker than a generator, and there are hundreds on a sheet
                (name, str(figure) if isinstance(figure, int) else figure)
                for name, figure in figures.items()
            ]
        ),
    )
