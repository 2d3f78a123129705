"""What is wrong with questions of a kind, and with what a scheme makes of them."""

from survey_app.domain.ground.marked import message

KIND_SHAPES: tuple[str, ...] = (
    # What is wrong.
    message('question "%(question)s" is not of kind "%(kind)s"'),
    message('question "%(question)s" has no choice that could be watched'),
    message('"%(question)s" has no points, so it can have no weight'),
    message('nothing "%(questionnaire)s" asks has points'),
    message("the component rates nothing, so no choice can be watched"),
    message("the bands of the questionnaire begin at %(lows)s"),
    message("the band from %(low)s has %(points)s points, more than the full marks"),
    message("the lowest band has no points"),
    message("is no lower end of a band"),
    message("bands without points"),
    message("is valued under singles already"),
    # What to do about it.
    message("name ratings or single choices"),
    message("name questions whose choices have points"),
    message("give points for exactly these"),
    message("value a single choice or a number"),
    message("write points for the lower end of each"),
    message("write 0, 60, 70 and so on"),
    message('write { assumed = "mean" }, or points for the lower end of every band'),
)
