"""What is wrong in a file, in the reader's language: faults as sentences with gaps.

The domain writes faults in English, each with its own numbers and keys. Here every such
sentence stands with its gaps; a fault is looked up by its shape and told in the other
language with the same keys in it. What has no shape here stays English.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from survey_app.domain.ground.file_faults import Fault
from survey_app.domain.ground.kind_fault_words import KIND_SHAPES
from survey_app.domain.ground.marked import message

SHAPES: tuple[str, ...] = (
    *KIND_SHAPES,
    # Where.
    message("the file"),
    message("the folder"),
    message("line %(number)s"),
    message("line %(number)s, column %(column)s"),
    # What is wrong with the file as a whole.
    message("not TOML: %(why)s"),
    message("not JSON: %(why)s"),
    message("is not text in UTF-8"),
    message("cannot be read: %(why)s"),
    message("a key without end"),
    message("holds half a character"),
    message("is nested too deeply"),
    message('"%(key)s" is not how the file is called'),
    message("is called as a file that comes with the platform"),
    message("lies in neither of the two folders"),
    # What is wrong with a table or a value.
    message("%(written)s is not a table"),
    message("%(written)s is not an object"),
    message("%(written)s is no list"),
    message("%(written)s is no text"),
    message("%(written)s is not a text"),
    message("%(written)s is not a number"),
    message("%(written)s is a float and would lose exactness"),
    message("%(written)s is not a whole number from %(least)s to %(most)s"),
    message("%(written)s is out of range"),
    message("%(written)s is no key"),
    message("%(written)s is neither true nor false"),
    message("%(written)s is neither"),
    message("%(written)s is not a format known here"),
    message("%(written)s is not among the words known here"),
    message("%(written)s does not say where it is from"),
    message("%(written)s is below %(floor)s, under which nothing is ever shown"),
    message("%(written)s would lower the default of %(default)s"),
    message("has both statuses"),
    message("has no status"),
    message("is missing"),
    message("is given twice"),
    message('the language "%(tag)s" is not known here'),
    message('has no text in "%(tag)s"'),
    message("nothing is said there"),
    message("remove one of the two"),
    message("copy it as it is"),
    message("translate it, or take it all out"),
    message("%%(%(gap)s)s must stand in it just as in the original"),
    message("is not a known key"),
    message("unknown key"),
    message("is no key"),
    message("is not a list of key words"),
    message("is not a list of tables"),
    message("is not in two languages"),
    message("is empty or repeats itself"),
    # What is wrong with a ballot rule, and with sheets of paper.
    message("forbids what the questionnaire offers"),
    message("asks for nothing"),
    message("limits nothing"),
    message("names every rating, so every ballot obeys"),
    message("asks the same as ballot_rules[%(number)s]"),
    message("asks for more of these than ballot_rules[%(number)s] allows"),
    message("asks for %(limit)s of %(marks)s marks"),
    message("the rule has a share already"),
    message("is no survey of this scheme"),
    message("is counted under tallies already"),
    message('nobody on these sheets is "%(name)s"'),
    message(
        "%(times)s times %(choices)s, but %(ballots)s ballots may have %(most)s each"
    ),
    # What is wrong between the parts.
    message("there are none"),
    message('"%(key)s" is taken by %(place)s'),
    message("the weights add up to %(found)s, not %(wanted)s"),
    message("the weights of %(post)s posts add up to %(found)s, not %(wanted)s"),
    message("a weight of 0"),
    message("every weight is 0"),
    message("a sum of nothing"),
    message("a sum is out of its own weight"),
    message("a leading body holds no post"),
    message("a leading body's scheme cannot contain its own score"),
    message("this score is the leading body's"),
    message("the scheme is about a leading body"),
    message("direct points are added as they are"),
    message("adjustments after the weighting change the total"),
    message("%(floor)s leaves no room below %(top)s"),
    message('there is no component "%(key)s"'),
    message('there is no question "%(key)s"'),
    message('there is no question "%(key)s" in "%(questionnaire)s"'),
    message('there is no questionnaire "%(key)s"'),
    message('there is no rater group "%(key)s"'),
    message('there is no choice "%(key)s"'),
    message("there is no [values.%(key)s]"),
    message("there is no [[choices.%(key)s]]"),
    message('"%(key)s" is not a survey'),
    message("is not a survey"),
    message("is worked out (%(kind)s)"),
    message("nobody is asked"),
    message("everybody signs a rating, so there is no survey"),
    message('"%(key)s" signs its ratings, which are no ballots'),
    message("takes no named ratings"),
    message("a named rating needs no minimum"),
    message('"%(key)s" is reserved'),
    message("pools open and controlled rater groups in one denominator"),
    message("no group has a weight for %(posts)s posts"),
    message("has no effect: all answers are pooled"),
    message('"%(choice)s" has no points'),
    message('"%(choice)s" has %(points)s points, more than the full marks'),
    message('"%(choice)s" is not a rating and has no points'),
    message('"%(choice)s" is not part of "%(whole)s"'),
    message('"%(question)s" has no weight while others have'),
    message('question "%(question)s" does not offer "%(choice)s"'),
    message('no question of "%(questionnaire)s" offers "%(choice)s"'),
    message("calls a weighted mean of points a rate"),
    message("calls a share of people a score"),
    message("compares a count with itself"),
    message("names every rating"),
    message("fewer than two ratings"),
    message("fewer than two ratings have points"),
    message("two choices share a key"),
    message("two share a key"),
    message("the form needs this word itself"),
    message("whoever cannot judge has no answer to give"),
    message("no component uses these values"),
    message("no question offers these"),
    message("%(cut)s ratings are cut and none might be left"),
    message("this kind of rule counts no choices"),
    message('only a component of kind "%(kind)s" has %(key)s'),
    # What only looks wrong.
    message("%(written)s is not %(near)s, though it looks like it"),
    message(
        '"%(worse)s" is worth %(more)s, more than "%(better)s" before it (%(less)s)'
    ),
    message('"%(choice)s" is the best choice, and the alert warns of too many'),
    message('"%(choice)s" is the worst choice, and the alert warns of too few'),
    # What to do instead.
    message('did you mean "%(near)s"?'),
    message("known here: %(words)s"),
    message("mend this place first"),
    message("save it in UTF-8"),
    message("put a text file there"),
    message("give it another name, and write that name as its key"),
    message("name one that holds the folders questionnaires and schemes"),
    message("put it into the folder questionnaires or the folder schemes"),
    message("use a short key"),
    message("remove it"),
    message("write a share above 0 and below 1"),
    message("leave out one or more"),
    message("keep one of the two"),
    message("lower this number, or raise that one"),
    message("lower it"),
    message("name one that is"),
    message("write sheets or tallies"),
    message("count the ballots that break this rule as invalid, under turnout"),
    message("choose another"),
    message("rename it"),
    message("give it once"),
    message("use another key"),
    message("write a table"),
    message("write a text"),
    message("write a lower floor"),
    message("write one weight"),
    message("name each one once"),
    message("name groups that answer"),
    message("leave out the favourable ones"),
    message("give each its own key"),
    message("offer two ratings or more"),
    message("value two or more"),
    message("look whether two points changed places"),
    message("name the choices at the other end"),
    message("say how many it is worth"),
    message("weigh one or more"),
    message("weigh one question or more"),
    message("weigh every question, or none; a weight may be 0"),
    message("call it a rate"),
    message("call it a score (得分), or value every choice at 0 or the full marks"),
    message('write "%(near)s" if that is meant'),
    message('write key = "%(key)s", or rename the file %(file)s'),
    message('put it in quotation marks: "%(written)s"'),
    message("begin each with %(header)s"),
    message("write weights that add up to %(total)s"),
    message("write %(least)s or more; floors are only raised"),
    message("write %(least)s or more"),
    message("write a whole number from %(least)s to %(most)s"),
    message("write 0 to %(most)s, or raise full_marks"),
    message("write %(least)s to %(most)s"),
    message('write it like 30, "93.2" or "1/3"'),
    message(
        "write { published = … } when a source states it, { assumed = … } when you "
        "chose it"
    ),
    message("list [[components.components]]"),
    message("correct one of these numbers"),
    message('use another key, or "abstain"'),
    message("add its numbers to that group's"),
    message("use a-z, 0-9 and %(mark)s only"),
    message("remove pooled, or name groups of one design"),
    message("name the group all of them are counted in"),
    message('use kind = "given", or subject = "cadre"'),
    message("name two counts"),
    message("remove the component"),
    message("ask at least one"),
    message("only a survey has rater groups"),
    message("give each its own"),
    message("hand in what it is made of"),
    message("name one of these: %(words)s"),
    message('add a choice with key = "%(key)s" (不了解)'),
    message("%(counted)s returned, but %(valid)s counted and %(invalid)s invalid"),
    message("%(present)s present of %(members)s due"),
    message('"%(key)s" is merged itself'),
    message('is counted in "%(key)s"'),
    message('"%(key)s" is what a tally calls an empty answer'),
    message("write %(what)s"),
    message('means something for kind = "%(kind)s" only'),
    message("every single bad rating is handled, whatever its share"),
    message("bad ratings are handled, no measure"),
    message("let people decide that nothing is done"),
    message("is not a list of days"),
)

GAP = re.compile(r"%\((\w+)\)s")
LINE = message("%(where)s: %(wrong)s; %(instead)s")
MISTAKE = message("%(wrong)s; %(instead)s")


def fault_in_words(fault: Fault, translate: Callable[[str], str]) -> str:
    """Return the fault as one line; in English exactly what the domain says."""
    parts = {
        "where": _told(fault.where, translate),
        "wrong": _told(fault.wrong, translate),
        "instead": _told(fault.instead, translate),
    }
    return translate(LINE) % parts


def mistake_in_words(fault: Fault, translate: Callable[[str], str]) -> str:
    """Return what is wrong and what to write instead, for whoever sees the place."""
    parts = {
        "wrong": _told(fault.wrong, translate),
        "instead": _told(fault.instead, translate),
    }
    return translate(MISTAKE) % parts


def shape_of(text: str) -> tuple[str, dict[str, str]] | None:
    """Return the sentence this text has the shape of, and what fills its gaps."""
    for sentence, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return sentence, found.groupdict()
    return None


def _told(text: str, translate: Callable[[str], str]) -> str:
    """Return the text in the language asked for, as it is where it has no shape."""
    found = shape_of(text)
    if found is None:
        return text
    sentence, gaps = found
    return translate(sentence) % gaps


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return every sentence with its pattern, the most particular first."""
    ordered = sorted(SHAPES, key=lambda one: -len(GAP.sub("", one)))
    return tuple((sentence, _pattern(sentence)) for sentence in ordered)


def _pattern(sentence: str) -> re.Pattern[str]:
    """Return what matches the sentence whatever stands in its gaps."""
    parts = GAP.split(sentence)
    text = "".join(
        f"(?P<{part}>.*)" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    )
    return re.compile(text, re.DOTALL)
