"""Where the sentences and list items of a comment end, in both languages, and what is kept whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nps_nlp.language.clauses_ja import breaks_off, clings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nps_nlp.language.detect import Language
    from nps_nlp.language.tokens import Token

_CLOSERS = r"[」』)】\]\"”]"
_SYMBOL = "\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"  # emoji, ♪, ☆
_EMOJI = f"[{_SYMBOL}][\u200d\u20e3\U000e0020-\U000e007f{_SYMBOL}]*+"
# (^^), (´▽`)ノ, (笑): brackets without digits, hiragana, kanji or two letters in a row.
_KAOMOJI = (
    r"\((?![^()]{0,14}(?:[A-Za-z]{2}|[ァ-ヶー]{2}))[^()0-9ぁ-ん一-鿿]{2,14}\)[ノo/\\]*"
    r"|\((?:笑|泣|汗|涙|爆|怒|苦笑)\)|:-?[)(DP](?!\w)"
)
# The look-ahead saves four fifths of the time: no other character can begin any of the branches.
_END = re.compile(
    rf"(?=[\n;。!?.・(:{_SYMBOL}])(?:"
    r"(?P<line>\n\s*)|(?P<stop>;\s+)"
    rf"|(?P<mark>(?:。|(?<!Yahoo)[!?])[。!?]*{_CLOSERS}*\s*|(?<=[ぁ-んァ-ー一-鿿])(?:\.+|・{{2,}})(?![\s.]))"
    rf"|(?P<dot>\.{_CLOSERS}*\s+|(?<=[a-z]{{2}})\.(?=[A-Z][a-z]))"
    rf"|(?P<symbol>(?:{_KAOMOJI}|{_EMOJI}(?!\d))\s*))"
)
# Never the end, or only before a capital.
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|vs|dr|mrs?|ms|prof|st|approx|dept|tel|ext|(?-i:(?<!\.)[A-HJ-Z]))\.$", re.IGNORECASE
)
_SHORT_FORM = re.compile(r"(?:\b(?:etc|[ap]\.m|inc|ltd|co|min|max|no|u\.[sk])|\.\.)\.$", re.IGNORECASE)
_LIST_ITEM = re.compile(
    r"(?=[【・•●■◆▪◇○◎※(0-9])(?:【|(?:(?<=\s)|^)(?:[・•●■◆▪◇○◎※]\s*|\(?(?P<number>\d{1,2})[.)]\s+)(?=\S))"
)
_WHOLE = re.compile(
    r"「[^「」\n]{0,80}」|『[^『』\n]{0,80}』|\([^()\n]{0,80}\)|“[^“”\n]{0,80}”|\"[^\"\n]{0,80}\"|\[[^\[\]\n]{0,80}\]"
)
_NEVER_FIRST = frozenset(",.、。!?;:)」』】")
# After an emoji that stands in for a noun the sentence goes on: The 🍕 was cold.
_GOES_ON = re.compile(r"(?:was|were|is|are|and|or|of|for|in|at|on|to|with)\b", re.IGNORECASE)


def sentence_ends(text: str, tokens: Sequence[Token], language: Language) -> Iterator[int]:
    """Yield the places where a sentence or a list item ends and another begins.

    Parameters
    ----------
    text : str
        NFKC text.
    tokens : sequence of Token
        Its words; used in Japanese.
    language : {"ja", "en", "other"}

    Yields
    ------
    int
        The start of what follows, in no order.

    Examples
    --------
    >>> text = "Ask for Dr. Lee. She is great 😀 1) Kind 2) quick"
    >>> [text[cut:][:5] for cut in sorted({*sentence_ends(text, [], "en")})]
    ['She i', '1) Ki', '2) qu']
    """
    items = _list_items(text)
    numbers = {m.end() for m in items}
    for match in _END.finditer(text):
        end = match.end()
        if end < len(text) and end not in numbers and _ends(text, match, tokens, language):
            yield end
    for item in items:
        yield item.start()


def _ends(text: str, match: re.Match[str], tokens: Sequence[Token], language: Language) -> bool:
    """Decide about the signs that can also stand inside a sentence."""
    end = match.end()
    if text[end] in _NEVER_FIRST:
        return False
    if match["stop"]:
        return True
    if match["line"]:
        return not text.endswith((",", "、"), 0, match.start()) and not (
            language == "ja" and breaks_off(tokens, match.start())
        )
    if match["dot"]:
        before = text[max(0, match.start() - 8) : match.start() + 1]
        return not _ABBREVIATION.search(before) and not (text[end].islower() and _SHORT_FORM.search(before))
    if language == "ja":
        return not clings(text, tokens, end)
    return not (match["symbol"] and _GOES_ON.match(text, end))


def _list_items(text: str) -> list[re.Match[str]]:
    """Find where the items of a list begin: ・…, 【…】, and 1. … 2. … where both stand there."""
    items = list(_LIST_ITEM.finditer(text))
    numbers = [int(m["number"]) for m in items if m["number"]]
    return items if numbers[:2] == [1, 2] else [m for m in items if not m["number"]]


def whole_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of quotations and brackets, which are never cut.

    Examples
    --------
    >>> list(whole_spans("店員が「ない。知らない」と言う"))
    [(3, 12)]
    """
    for match in _WHOLE.finditer(text):
        # A comment that stands in brackets as a whole is read like any other.
        if match.start() > 0 or match.end() < len(text):
            yield match.span()
