"""Why an office is not copied, restored or moved, in words for whoever runs it."""


class OfficeStays(Exception):  # noqa: N818 -- says what happened
    """It is not done, or what was done is not what it should be.

    Says why and what to do.
    """

    def __init__(self, text: str, **gaps: object) -> None:
        super().__init__(text % gaps)
        self.text, self.gaps = text, gaps
