"""Numbers in the words of a chapter that are tied to nothing, and look as if they were measured.

Left out is what hardly ever is: single digits, sizes (8 by 8), years, the numbers of chapters and
sections, angles, names (VGG-16), formulas, what an exercise gives.
"""

import re

from numbers_in_words import IN_WORDS, statements
from open_findings import Finding
from prose import LEFT_OUT, files_of, sentences

WORDS = 3  # of the sentence, on each side of the number

GIVEN_KINDS = {"question", "answer", "exercise"}
REFERENCE = (
    r"(?:chapters?|sections?|errat(?:um|a)|equations?|figures?|tables?|parts?|pages?|rows?|columns?"
    r"|layers?|steps?|class(?:es)?|digits?|indexe?s|seeds?|version|Python|NumPy|PyTorch|group|No\.)"
)
AFTER_REFERENCE = re.compile(
    rf"\b{REFERENCE}\s(?:[\d,]+(?:,\s|\sand\s|\sto\s|\sor\s|–))*$", re.IGNORECASE
)
SIZE = re.compile(r"(?:\bby|×|x)\s$")
BEFORE_SIZE = re.compile(r"^\s(?:by|×|x)\s\d")
UNITS_GIVEN = re.compile(r"^\s?(?:degrees|°|minutes with|min$|-(?!fold|percent)[A-Za-z])")
MANY = re.compile(r"^-?\s?(?:%|percent|times\b|fold\b|×)")
OF_MANY = re.compile(rf"^ (?:out )?of (?:the |all )?(?:\d|{IN_WORDS.pattern})", re.IGNORECASE)
AS = re.compile(r"^ (?:as|of)\b")
CODE = re.compile(r"[\w)]\s?[*/+=-]\s?$|\w[(\[]$")
YEAR = re.compile(r"(?:1[6-9]|20)\d\d")


def findings(path):
    """Yield what nobody has tied yet, in the order of the chapter, its questions, its exercises."""
    for file in files_of(path):
        for statement in statements(file)[0]:
            if not statement.target and measured(statement):
                passage = statement.passage
                key, sentence = context(statement)
                yield Finding(key, f"{passage.page}, {passage.cell} ({passage.kind}): {sentence}")


def measured(statement):
    """Tell whether a number looks as if it came out of a computation."""
    number, passage = statement.number, statement.passage
    if passage.kind in GIVEN_KINDS:
        return False
    before, after = passage.source[: number.start], passage.source[number.end :]
    if passage.kind == "hint" and CODE.search(before):
        return False
    if number.form == "formula":
        digits = re.sub(r"\D", "", number.text.partition("\\")[0]).strip("0")
        return len(digits) > 2 and "." in number.text and digits != "999"
    if number.form == "math":
        return "." in number.text or "10" in number.text or abs(number.value) >= 100
    if number.form == "word":
        return measured_word(number, after)
    if SIZE.search(before) or BEFORE_SIZE.match(after):
        return False
    if MANY.match(after) or OF_MANY.match(after):
        return True
    if AFTER_REFERENCE.search(before):
        return False
    if UNITS_GIVEN.match(after) or YEAR.fullmatch(number.text):
        return False
    return number.unit < 1 or abs(number.value) >= 10


def measured_word(number, after):
    """Tell whether a number word counts or compares."""
    if number.value < 1 or number.text.lower() in ("twice", "thrice"):
        return bool(AS.match(after))
    if number.value == 1:
        return False
    if MANY.match(after) or number.text.endswith("fold") or OF_MANY.match(after):
        return True
    return number.value > 12


def context(statement):
    """Return the number with a few words of its sentence around it, and the whole sentence."""
    number, source = statement.number, statement.passage.source
    sentence, start = source, 0
    for candidate in sentences(source):
        place = source.find(candidate, start)
        if place <= number.start < place + len(candidate):
            sentence = candidate
            break
        start = place
    else:
        place = 0
    before = plain(source[place : number.start])
    if number.form == "math":
        before = before.removesuffix(LEFT_OUT)
    after = source[number.end : place + len(sentence)]
    if number.form in ("math", "formula"):
        after = after.partition("$")[2]
    words = before.split(" ")[-WORDS - 1 :], plain(after).split(" ")[: WORDS + 1]
    return f"{' '.join(words[0])}{number.text}{' '.join(words[1])}".strip(), sentence


def plain(source):
    """Take the math out, whole or cut by the number in it."""
    return re.sub(r"\$[^$]*(?:\$|\Z)", LEFT_OUT, source)
