"""Letters of other alphabets that look like those of a code, and stand for them.

A phone that is set to Russian or Greek types them, and on the screen they look right.
"""

CYRILLIC = "АВСЕНЈКМОРЅТХУІӀҮ", "ABCEHJKM0PSTXY11Y"
GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZH1KMN0PTYX"
OTHERS = "İ〇ー", "10-"
"""A Turkish I, a Chinese zero, and what a Japanese keyboard has for a dash."""

CODE_LETTERS = {
    ord(seen): meant
    for look, said in (CYRILLIC, GREEK, OTHERS)
    for seen, meant in zip(look, said, strict=True)
}
"""Capital as it was typed (its number) → the letter or digit it is read as."""
