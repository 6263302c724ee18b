"""Where an English sentence turns or adds an opinion: the places between its clauses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Words that open a clause set against the one before. What makes some of them mean something else follows
# (cold though, yet to call) or precedes them (nothing but praise, as though).
_TURN = re.compile(
    r"(?<!\bnothing)(?<!\banything)(?<!\bnone)(?<!\ball)(?<!\bhelp)(?<!\bchoice)"
    r"(?<!\bas)(?<!\band)(?<!\beven)"
    r"(?<![\s,–—-])[\s,–—-]++(?<=\s)(?=(?:and\s+)?(?:"
    r"but\s+(?!also\b)\S|although\s|even\s+though\s|though\s|however,?\s|whereas\s|despite\s"
    r"|yet\s+(?!to\b|another\b|again\b|more\b)\w+\s|except\s+(?:for|that|when|if|the|my|your|they|it)\s"
    r"|apart\s+from\s|aside\s+from\s|unfortunately,?\s|sadly,?\s|on\s+the\s+other\s+hand,?\s|that\s+said,?\s"
    r"|(?:just|only)\s+wish\s))",
    re.IGNORECASE,
)
# After a comma alone; what follows the comma must have a verb, unless it opens with a pronoun.
_JOINED = re.compile(r",\s+(?=(?:while|whilst|otherwise|with|and)\s+\w+\s+\w+)", re.IGNORECASE)
_JOINED_SURELY = re.compile(
    r",\s+(?=(?:shame|pity|too\s+bad|plus)\s|and\s+(?:i|we|they|he|she|it|you|there|nobody|no\s+one|not\s+one)\b)",
    re.IGNORECASE,
)
# Without a comma only where a new subject opens a clause: the food was cold and the staff were rude.
_NEW_SUBJECT = re.compile(
    r"(?<!\s)\s++(?=and\s+(?:the|my|our|your|their|his|her|its|an?|each|every|no\s?(?:body|one)|[A-Z]\w+)\s)"
)
# A comma alone joins two clauses where both have a subject and a verb: the food was cold, the staff were kind. Not
# after a clause that only says when or on what condition.
_SPLICED = re.compile(
    r",\s+(?=(?:the|my|our|your|their|his|her|its|then|once|thankfully|luckily)\s|can['’]?t\s)", re.IGNORECASE
)
_CONDITION = re.compile(
    r"\W*(?:(?:and|but|so|or|even|only|especially|just)\s+)*"
    r"(?:when(?:ever)?|if|once|after|before|as|since|because|while|until|unless|in|at|for|on|with|from|by|during|to"
    r"|having|being|given|considering|\w+ing)\b",
    re.IGNORECASE,
)
# Although the room was small, | the bed was fine.
_LEADING = re.compile(
    r"(?:^|(?<=\n)|(?<=[.!?;])\s++)(?:although|(?:even\s+)?though|while|whilst|despite)\s+(?!\w+ing\b)"
    r"[^,.!?;\n]{6,120},\s*+",
    re.IGNORECASE,
)
_PARENTHETICAL = re.compile(r"however,|on\s+the\s+other\s+hand,|unfortunately,|sadly,", re.IGNORECASE)
# One word, or two that name nothing: Not impressed.
_REMARK = re.compile(r"[^\w\s]*(?:(?:never|not|so|very|no|well)\s+)?[\w'’-]+[^\w\s]*\s*", re.IGNORECASE)
_SHORTEST = 20
# How far a clause is read for its verb.
_WINDOW = 160
_CLAUSE_EDGE = re.compile(r"[.!?;,\n](?=\s)|$")
# Finite verbs that need no dictionary: auxiliaries, contractions, pasts in -ed, the commonest irregular ones.
_VERB = re.compile(
    r"\b(?:is|are|was|were|am|be|been|has|have|had|does?|did|can|could|will|would|should|must|may|might"
    r"|\w+n['’]t|\w+['’](?:s|re|ve|m|d|ll)|\w{2,}ed|g[eo]ts?|got|c[ao]mes?|went|goes|go|takes?|took|makes?|made"
    r"|keeps?|kept|tells?|told|says?|said|leaves?|left|lost|found|knows?|knew|feels?|felt|gives?|gave|pays?|paid"
    r"|sends?|sent|runs?|ran|works?|looks?|needs?|wants?|loves?|puts?|costs?|never|always|still)\b",
    re.IGNORECASE,
)


def clause_cuts(text: str) -> Iterator[int]:
    """Yield the places where one clause of a sentence ends and another opinion begins, in no order.

    Parameters
    ----------
    text : str
        NFKC text.

    Yields
    ------
    int
        The start of the clause that follows.

    Examples
    --------
    >>> text = "The room was lovely and the staff were kind, but it smelled"
    >>> [text[cut:] for cut in sorted(clause_cuts(text))]
    ['and the staff were kind, but it smelled', 'but it smelled']
    """
    for match in _TURN.finditer(text):
        if not _is_parenthetical(text, match):
            yield match.end()
    for match in _JOINED_SURELY.finditer(text):
        yield match.end()
    for match in _JOINED.finditer(text):
        if _has_verb_after(text, match.end()):
            yield match.end()
    yield from _splices(text)
    for match in _NEW_SUBJECT.finditer(text):
        if _has_verb_after(text, match.end()) and _VERB.search(_clause_before(text, match.start())):
            yield match.end()
    for match in _LEADING.finditer(text):
        yield match.end()


def _splices(text: str) -> Iterator[int]:
    """Yield where a comma alone stands between two whole clauses."""
    for match in _SPLICED.finditer(text):
        before = _clause_before(text, match.start())
        if _VERB.search(before) and not _CONDITION.match(before) and _has_verb_after(text, match.end()):
            yield match.end()


def _is_parenthetical(text: str, match: re.Match[str]) -> bool:
    """Tell The door, however, is heavy from The door is fine, however, it squeaks."""
    inserted = _PARENTHETICAL.match(text, match.end())
    return bool(inserted) and not _VERB.search(_clause_before(text, match.start()))


def _clause_before(text: str, end: int) -> str:
    start = max(text.rfind(mark, max(0, end - _WINDOW), end) for mark in (". ", "! ", "? ", "; ", ", ", "\n"))
    return text[max(start + 1, end - _WINDOW) : end]


def _has_verb_after(text: str, start: int) -> bool:
    edge = _CLAUSE_EDGE.search(text, start, start + _WINDOW)
    return bool(edge and _VERB.search(text, start, edge.start()))


def is_afterthought(text: str, span: tuple[int, int], before: tuple[int, int]) -> bool:
    """Tell whether a sentence only remarks on the one before: Brilliant., Never again!."""
    start, end = span
    return before[1] - before[0] >= _SHORTEST and _REMARK.fullmatch(text, start, end) is not None
