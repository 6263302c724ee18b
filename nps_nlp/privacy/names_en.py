"""Names of persons in English text: after titles and roles, where a sentence asks for one, and plain given names.

Capital letters alone prove nothing (brands, places, days); so a word counts as a name where its neighbours ask for one
(Ask for …, our waiter, …, spoke with …), or where it is a given name and no ordinary word.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from nps_nlp.privacy.words import word_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nps_nlp.privacy.numbers import Span

# A capital within the word only as in McKay, DeLuca, O'Neil: HospItal is a slip.
_ONE = (
    r"(?:(?:[A-ZÀ-Þ]['’])?(?:(?:Ma?c|De|Di|Le|La|Van|Fitz)[A-Z][a-z]+|[A-ZÀ-Þ][a-zß-ÿ]+(?![A-Za-z]))"
    r"(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?)"
)
_PARTICLE = r"(?:(?:van|von|de|da|del|della|der|di|dos|bin|al|el|la|le|ter)\s)"
_NAME = rf"{_ONE}(?:\s{_PARTICLE}{{0,2}}{_ONE}|\s[A-Z]\.(?:\s{_ONE})?){{0,2}}"
_LIST = rf"(?P<name>{_NAME})(?:\s(?:and|&)\s(?P<other>{_NAME}))?"
_WORD = re.compile(_ONE)
_CAPITAL = re.compile(rf"(?<![\wÀ-ÿ@#/.’'-]){_ONE}(?![\wÀ-ÿ@/])", re.ASCII)

_ADVERB = r"(?:so|very|really|incredibly|extremely|super|absolutely|always|truly|exceptionally|quite|too|just|also)"
_KIND = (
    r"(?:kind|helpful|friendly|patient|rude|polite|lovely|wonderful|amazing|great|fantastic|professional|knowledgeable|attentive"
    r"|brilliant|excellent|awesome|unhelpful|dismissive|thorough|sweet|nice|understanding"
    r"|a\s(?:star|gem|joy|delight|pleasure|legend|credit))"
)
_OFFICE = (
    r"(?:HR|IT|billing|support|customer|sales|account(?:s|ing)|admissions|reception|housekeeping|claims|finance|tech|returns"
    r"|security)"
)
_COUNTER = r"(?:front\sdesk|reception|desk|bar|counter|gate|check-in|till)"


def _either(*names: str) -> str:
    return "|".join(sorted((w for n in names for w in word_set(n)), key=len, reverse=True))


_CALLS_FOR_PERSON = rf"""(?:\s(?:at\s(?:the\s)?{_COUNTER}
    |(?:in|from)\s(?:the\s[A-Z]?[a-z]+\s(?:office|team|department|branch)|{_OFFICE}))\b
    |\s(?:(?:was|is|were|has\sbeen|seemed)\s(?:{_ADVERB}\s){{0,2}}{_KIND}
    |helped|explained|hung\sup|went\s(?:above|out)|took\s(?:the|my|our|care)|called\s(?:me|back)|answered|refused
    |never\s(?:answers|answered|called|replied)|made\s(?:us|me|our|my|sure)|told\s(?:me|us)|showed\s(?:me|us)
    |gave\s(?:me|us)|sorted|fixed|who\s(?:helped|served|was)|here\b))"""
# What asks for a name, whatever the word behind it is.
_STRONG = tuple(
    re.compile(pattern, re.VERBOSE | re.ASCII)
    for pattern in (
        rf"\b(?:{_either('titles_en')})(?:\.\s?|\s){_LIST}",
        rf"(?P<name>{_ONE})(?P<other>(?!))?-(?:san|sama|sensei|kun|chan)\b",
        rf"""\b(?:{_either("roles_en")})s?(?:\s(?:who|that)\s[a-z]+(?:\s[a-z]+){{0,3}})?
             (?:\s?[,(:–-]\s?|\s(?:is|was|called|named)\s|\swas\scalled\s|\s){_LIST}""",
        rf"\b(?:{_either('people_en')})(?:\swas)?\s(?:called|named|by\sthe\sname\sof)\s{_LIST}",
        rf"\b[Ii](?:['’]m|\sam)\s{_LIST}(?=[.,!(]|\sand\b|$)",
        rf"""\b(?:[Aa]sk(?:ed|ing)?\sfor|[Ss]p(?:oke|eak|eaking|oken)\s(?:with|to)|[Tt]alk(?:ed|ing)?\s(?:to|with)
             |[Dd]ealt\swith|[Cc]hatted\s(?:to|with)
             |(?:[Hh]elped|[Ss]erved|[Aa]ssisted|[Gg]reeted|[Tt]reated|[Ll]ooked\safter|[Hh]osted|[Tt]aught|[Ss]een)\sby
             |[Tt]hank(?:s|\syou)(?:,|\sso\smuch|\sa\slot|\sagain)?\sto|[Ss]hout(?:[\s-]?out)?\sto|[Kk]udos\sto|[Pp]rops\sto
             |[Cc]redit\sto|[Nn]amed|[Nn]ame\s(?:is|was)|[Nn]ame's|[Nn]ame:|goes\sby|[Ss]igned,?|[Rr]egards,?|[Ss]incerely,?
             |[Yy]ours,?|[Cc]heers,)\s{_LIST}""",
        rf"\b[Tt]hank(?:s|\syou)?,?\s{_LIST}(?=[!.,]|\s(?:for|so)\b|$)",
        # A capital in the middle of a sentence, but "the Consultation made me".
        rf"""(?<=[a-z,;]\s)(?<!\b[Tt]he\s)(?<!\b[Aa]\s)(?<!\b[Oo]ur\s)(?<!\b[Yy]our\s)(?<!\b[Mm]y\s)(?<!\b[Tt]his\s)
             (?<!\b[Tt]heir\s){_LIST}{_CALLS_FOR_PERSON}""",
    )
)
# What asks for a name where the word can be one: given names, also those that are ordinary words.
_WEAK = tuple(
    re.compile(pattern, re.VERBOSE | re.ASCII)
    for pattern in (
        rf"\b(?:{_either('weak_titles_en')})\s{_LIST}",
        rf"""\b(?:[Tt]hanks|[Tt]hank\syou|[Tt]ell|[Tt]old|[Cc]alled|[Aa]sk|[Gg]ive|[Mm]et|[Ii]['’]m|[Ii]\sam|[Tt]his\sis|[Ll]ove,
             |[Hh]i,?|[Hh]ello,?|[Hh]ey,?|[Dd]ear|[Cc]ontacted|[Ee]mailed|[Ss]aw)\s{_LIST}""",
        rf"{_LIST}{_CALLS_FOR_PERSON}",
    )
)


def names(text: str) -> Iterator[Span]:
    """Yield the names of persons in an English text."""
    for pattern in _STRONG:
        for m in pattern.finditer(text):
            yield from _each(text, m, _acceptable)
    for pattern in _WEAK:
        for m in pattern.finditer(text):
            yield from _each(text, m, _given)
    yield from _by_given_name(text)


def _each(text: str, m: re.Match[str], accept: Callable[[str], bool]) -> Iterator[Span]:
    """Yield the one or two names of a match, cut where a word is no name."""
    for group in ("name", "other"):
        if m[group] is None:
            continue
        start, end = _cut(m[group], m.start(group))
        first = _WORD.match(text, start, end)
        # "Dr Pepper": the title belongs to it.
        if first and not _public(text, start, end) and not _is_place(text, start, end) and accept(first[0]):
            yield start, end


def _cut(name: str, start: int) -> Span:
    """Return the part of a run of capitals up to the first word that is no name."""
    end = 0
    for word in re.finditer(r"\S+", name):
        if word[0].rstrip(".") in word_set("not_names_en"):
            break
        if word[0][0].isupper():
            end = word.end()
    return start, start + end


def _acceptable(word: str) -> bool:
    return word not in word_set("not_names_en")


def _given(word: str) -> bool:
    first = _bare(word.partition("-")[0])
    return first in word_set("given_names_en") or first in word_set("ambiguous_names_en")


def _bare(word: str) -> str:
    """Return a word without accents: José is listed as Jose."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _public(text: str, start: int, end: int) -> bool:
    before = re.search(r"(\S+(?:\s&)?)\s$", text[:start])
    around = [text[start:end].replace(" ", "_")]
    if before:
        around.append(f"{before[1].strip('.,(').replace(' ', '_')}_{around[0]}")
    after = re.match(r"(?:['’]s|\s&\s\w+|\s[A-Z]\w+)", text[end:])
    if after:
        around.append(around[0] + after[0].replace(" ", "_"))
    return any(a in word_set("public_names_en") or a.rstrip("s") in word_set("public_names_en") for a in around)


_PLACE = re.compile(
    r"(?:\b|\s)(?:House|Ward|Unit|Lodge|Close|Clinic|Hospital|Hotel|Inn|Restaurant|Kitchen|Centre|Center|Hall|Court|Road|Street|Avenue|Hills"
    r"|Suite|Wing|Theatre|Theater|Museum|Park|Airport|Station|School|College|University|Gardens|Building|Terminal|Surgery|View|Practice|Pharmacy|Award|Prize|Foundation"
    r"|lodge|close|ward|unit|house|clinic|hospital|hotel|building|wing|suite|course|burgers?|chicken|salad|tunes?)\b"
    r"|\.(?:com|org|net|io|co)\b",
    re.ASCII,
)


def _is_place(text: str, start: int, end: int) -> bool:
    """Tell whether a name is that of a ward, a house, a dish or a site: Lynn Jarrett Ward, Byron House, Lynda.com."""
    return bool(_PLACE.search(text, start, end) or _PLACE.match(text, end))


def _by_given_name(text: str) -> Iterator[Span]:
    """Yield given names that are no ordinary words, with the surname behind them."""
    for m in _CAPITAL.finditer(text):
        if _bare(m[0].partition("-")[0]) not in word_set("given_names_en"):
            continue
        start, end = m.span()
        surname = re.compile(rf"(?:\s[A-Z]\.)?\s{_PARTICLE}{{0,2}}({_ONE})").match(text, end)
        if surname and surname[1] not in word_set("not_names_en"):
            end = surname.end()
        before = re.search(r"([A-Z][\w’'.-]*)\s$", text[:start])
        part = before is not None and before[1] not in word_set("not_names_en")  # Best Western Clara, St Mary
        if (
            not part
            and not _is_place(text, start, end)
            and not re.match(r"['’]s\s[A-Z]", text[end:])
            and not _public(text, start, end)
        ):
            yield start, end


def is_whole_name(cell: str, *, alone: bool) -> bool:
    """Tell whether a cell is a given name and a surname; any word that can be a name where `alone` is enough."""
    words = cell.split()
    if not re.fullmatch(_NAME, cell) or any(w in word_set("not_names_en") for w in words):
        return False
    return alone or (len(words) > 1 and words[0] in word_set("given_names_en"))
