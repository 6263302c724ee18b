"""Where a Japanese sentence turns or adds an opinion: the places between its clauses."""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nps_nlp.language.tokens import Morph, Token

_COMMAS = frozenset("、,")
_STOPS = frozenset("。!?")
_SEPARATORS = frozenset("・/")
# Conjunctive particles that set one opinion against another, or beside it: 高いが, 良いけど, 安いし.
_TURNING = frozenset({"が", "けど", "けれど", "けれども", "けども", "し"})
_CONJUNCTIONS = frozenset({
    "ただ", "ただし", "しかし", "しかしながら", "でも", "だが", "だけど", "けど", "けれど", "けれども",
    "ですが", "ところが", "なのに", "とはいえ", "それでも", "しかも",
})  # fmt: skip
# The surfaces at which anything is decided; all other words are passed over.
_SIGNS = _TURNING | _CONJUNCTIONS | _COMMAS | _STOPS | _SEPARATORS | {"に"}
# What may open a clause after a comma and speaks of something else than the clause before it.
_OPENERS = re.compile(
    r"しかも|おまけに|さらに|更に|それでいて|その上|そのうえ|加えて|逆に|なのに|だけど|しかし|ただし|ただ(?![のでし])"
    r"|でも|ところが|とはいえ|それでも|むしろ"
)
# Concessions and additions that end in a noun; の上 is a place.
_CONCEDED = re.compile(
    r"(?:反面|一方で?|(?<=[たいるうな])(?:うえ|上)に?|ものの|[わ割]りに|割に|くせに|にも(?:かかわ|関わ)らず"
    r"|どころか|ばかりか)$"
)
_NOT_ONLY = ("だけでなく", "だけではなく")
_BUT = r"(?:が|けど|けれど|けれども|けども)"
_PREFACES = (
    r"(?:大変|たいへん|誠に|まことに|本当に|毎度|お忙しいところ)?(?:"
    r"す[みい]ません|済みません|申し訳(?:(?:あり|ござい)ません|ない(?:の?です)?)|ごめんなさい"
    r"|恐れ入り(?:ます)?|失礼(?:です)?|余談(?:です|だ)|蛇足です|僭越です|念のため(?:です)?"
    r"|(?:勝手|わがまま|我儘)(?:(?:な(?:お願い|話))?です|を(?:申し|言い)ます)"
    r"|(?:お?手[数間]|ご面倒)(?:です|を?お?(?:掛け|かけ)(?:し|いたし|致し)ます)"
    r"|申し上げにくい(?:の|こと)?です|差し出がましい(?:よう|こと)?です"
    r"|贅沢(?:な(?:話|お願い))?(?:です|だ)|個人的(?:な(?:意見|感想))?(?:です|だ)"
    r"|(?:細かい|小さな)(?:こと|話|点)(?:です|だ|で恐縮です)|(?:提案|お願い|要望)(?:なの)?です"
    r"|(?:難し|むずかし|厳し)い(?:の)?(?:とは?思い?ます|とは?思う|かもしれません|かもしれない(?:です)?|でしょう)"
    r"|(?:私だけ|気のせい|無理|余計なお世話)かもしれません"
    # A lone だが or せやけど opens a sentence.
    r"|[せそほ]?や(?:ねん)?|だ|です|じゃ)"
)
_HEDGES = (
    r"[^、。]{0,20}(?:恐縮です|存じます|承知して(?:い|おり)ます"
    r"|ない(?:こと|わけで|で)?[はも]ない(?:です)?|とまで?は[言い]わない(?:です)?)"
)
# すみませんが opens a request, 使えないこともないが says one thing in two negatives: no statements.
_NO_TURN = re.compile(f"(?:{_PREFACES}|{_HEDGES}){_BUT}")
# Clause endings that go on: 届き、 (a verb form other than its base), 清潔で、, 見当たらず、, 開いていて、.
_ENDINGS = frozenset({"で", "ず", "なく", "れ", "られ", "せ", "させ"})
_REASONS = frozenset({"の", "ん", "もん"})
_ADDING = frozenset({"も", "まで"})
# A sentence cannot begin with these, unless they open でも, だが, なのに …
_CLINGING = frozenset({
    "と", "って", "は", "が", "を", "に", "の", "も", "へ", "で", "な", "だ", "です", "でし", "など", "とか",
    "だけ", "くらい", "ぐらい", "みたい",
})  # fmt: skip
_RESTART = re.compile(r"でも|では|だが|だけ?ど|だから|だって|なのに|なので|です(?:が|けど|から)|[がで]、")
_TOPICS = frozenset({"は", "も", "が"})
_REQUEST = re.compile(r"せめて|もっと|ください|下さい|ほしい|欲しい|て[。!]*\s*$")
_BLANK = re.compile(r"(?<=\S)[ \t]++(?=[^\s(])")
# In characters: the shortest clause before a comma, the longest remark on the sentence before.
_SHORTEST = 5
_LONGEST_REMARK = 10
# In words and in characters.
_LOOK_AHEAD = 12
_LOOK_BACK = 12
_start = itemgetter(0)


def clause_cuts(text: str, tokens: Sequence[Token]) -> Iterator[int]:
    """Yield the places where one clause of a sentence ends and another opinion begins.

    Parameters
    ----------
    text : str
        NFKC text.
    tokens : sequence of Token
        Its words.

    Yields
    ------
    int
        The start of the clause that follows, in no order.

    Examples
    --------
    >>> from nps_nlp.language.japanese import tokenise
    >>> text = "すみませんが、味は良いのに、店が狭い"
    >>> [text[cut:] for cut in clause_cuts(text, tokenise(text))]
    ['店が狭い']
    """
    if " " in text:
        yield from _blank_cuts(text, tokens)
    since = 0
    for index, (start, morph) in enumerate(tokens):
        surface = morph.surface
        if surface not in _SIGNS:
            continue
        if surface in _STOPS:
            since = start + 1
        elif cut := _cut_at(text, tokens, index, since):
            since = cut
            yield cut


def _blank_cuts(text: str, tokens: Sequence[Token]) -> Iterator[int]:
    """Yield where a blank stands for a full stop: 景色が良い 食事も良い."""
    for match in _BLANK.finditer(text):
        index = bisect_left(tokens, match.start(), key=_start) - 1
        if index >= 0 and _ends_sentence(tokens[index].morph) and not clings(text, tokens, match.end()):
            yield match.end()


def _cut_at(text: str, tokens: Sequence[Token], index: int, since: int) -> int:
    """Return where the next clause begins if the sign at `index` parts two; 0 if it does not."""
    start, morph = tokens[index]
    if morph.surface in _COMMAS:
        return _after_comma(text, start) if _comma_parts(text, tokens, index, since) else 0
    if morph.surface in _SEPARATORS:
        return start if index and _ends_sentence(tokens[index - 1].morph) else 0
    if morph.surface == "に":
        return _after_comma(text, start + 1) if _concedes(text, tokens, index, since) else 0
    if morph.pos == "接続詞":
        return start if start - since >= _SHORTEST else 0
    if morph.surface in _TURNING and _is_conjunctive(text, tokens, index):
        end = start + len(morph.surface)
        end += text.startswith("も", end)
        idle = _NO_TURN.fullmatch(text, _clause_start(text, since, start), end)
        return 0 if idle else _after_comma(text, end)
    return 0


def _is_conjunctive(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Tell 高いが (but) from 値段が (case). After a bracket only the comma tells: 良い(特に刺身)が、."""
    bracket = index > 0 and tokens[index - 1].morph.pos2 == "括弧閉"
    return tokens[index].morph.pos2 == "接続助詞" or (bracket and text.startswith("、", tokens[index].end))


def _clause_start(text: str, since: int, end: int) -> int:
    start = max(since, text.rfind("\n", since, end) + 1, text.rfind("、", since, end) + 1)
    while text[start].isspace():
        start += 1
    return start


def _concedes(text: str, tokens: Sequence[Token], index: int, since: int) -> bool:
    """Tell のに between two opinions (月謝が安いのに授業は濃い) from purpose and circumstance.

    行くのに便利 is a purpose, 深夜なのに届いた the circumstance of one opinion: neither has a topic.
    """
    if index < 2 or tokens[index - 1].morph.surface != "の":
        return False
    predicate = tokens[index - 2].morph
    after = tokens[index].end
    topic = any(mark in text[since:after] for mark in "はが")
    if text[after : after + 1] in _COMMAS:
        return topic or predicate.pos == "形容詞"
    plain_verb = predicate.pos == "動詞" and predicate.surface == predicate.base
    upcoming = tokens[index + 2 : index + _LOOK_AHEAD]
    return topic and not plain_verb and any(t.morph.surface in {"は", "が"} for t in upcoming)


def _comma_parts(text: str, tokens: Sequence[Token], index: int, since: int) -> bool:
    start = tokens[index].start
    if start - since < _SHORTEST or index + 1 == len(tokens) or text.endswith(_NOT_ONLY, since, start):
        return False
    if _OPENERS.match(text, tokens[index + 1].start):
        return True
    if _CONCEDED.search(text, max(since, start - _LOOK_BACK), start):
        return True
    if _contrasts(text, tokens, index, since):
        return True
    gives_reason = index > 1 and tokens[index - 2].morph.surface in _REASONS
    return not gives_reason and _goes_on(tokens[index - 1].morph) and _adds(tokens, index + 1)


def _contrasts(text: str, tokens: Sequence[Token], index: int, since: int) -> bool:
    """Tell two topics side by side, デザインは刷新、中身は十年前: the clause before the comma ends without a verb."""
    if "は" not in text[since : tokens[index].start] or tokens[index - 1].morph.pos not in {"名詞", "形状詞", "接尾辞"}:
        return False
    for token in tokens[index + 1 : index + 1 + _LOOK_AHEAD]:
        if token.morph.surface in _COMMAS or token.morph.surface in _STOPS:
            return False
        if token.morph.surface == "は" and token.morph.pos2 == "係助詞":
            return True
    return False


def _goes_on(morph: Morph) -> bool:
    if morph.pos in {"動詞", "形容詞", "接尾辞"}:
        return morph.surface != morph.base and morph.base not in {"くださる", "下さる"}
    if morph.pos == "助動詞":
        return morph.surface in _ENDINGS
    return morph.pos2 == "接続助詞" and morph.surface in {"て", "で"}


def _adds(tokens: Sequence[Token], index: int) -> bool:
    """Tell a clause on one thing more (…も, …まで) from one that tells what came of the clause before."""
    for place in range(index, min(index + _LOOK_AHEAD, len(tokens))):
        morph = tokens[place].morph
        if morph.surface in _COMMAS or morph.surface in _STOPS:
            return False
        if morph.surface in _ADDING and morph.pos == "助詞" and place > index and _names(tokens, place - 1):
            return True
    return False


def _names(tokens: Sequence[Token], index: int) -> bool:
    """Tell 名前も, 掃除まで (one thing more) from 何も, 一度も, 見ても, 九時まで, 最後まで."""
    morph = tokens[index].morph
    if morph.pos == "助詞":
        return morph.pos2 == "格助詞" and morph.surface != "で" and _names(tokens, index - 1)
    if morph.pos not in {"名詞", "接尾辞"} or morph.surface in {"最後", "今", "前"}:
        return False
    return morph.pos2 != "数詞" and tokens[index - 1].morph.pos2 != "数詞"


def _ends_sentence(morph: Morph) -> bool:
    """Can a sentence end with this word? A predicate in its plain or polite form can."""
    if morph.pos in {"形容詞", "動詞", "助動詞"}:
        return morph.surface in {morph.base, "ん"}
    return morph.pos2 == "終助詞"


def _after_comma(text: str, position: int) -> int:
    while position < len(text) and text[position] in "、, ":
        position += 1
    return position


def clings(text: str, tokens: Sequence[Token], start: int) -> bool:
    """Tell whether the word that starts here belongs to what stands before it.

    Examples
    --------
    >>> from nps_nlp.language.japanese import tokenise
    >>> [clings(text, tokenise(text), text.index("!") + 1) for text in ("最高!って感じ", "最高!でも高い")]
    [True, False]
    """
    index = bisect_left(tokens, start, key=_start)
    if index == len(tokens) or tokens[index].morph.surface not in _CLINGING:
        return False
    return not _RESTART.match(text, start)


def breaks_off(tokens: Sequence[Token], end: int) -> bool:
    """Tell whether a particle ends before this line break, so that the sentence goes on in the next line."""
    index = bisect_left(tokens, end, key=_start) - 1
    return index >= 0 and tokens[index].morph.pos == "助詞" and tokens[index].morph.pos2 != "終助詞"


def is_afterthought(text: str, tokens: Sequence[Token], span: tuple[int, int], before: tuple[int, int]) -> bool:
    """Tell whether a sentence only remarks on the one before: ありがたい。, もう通いません。."""
    start, end = span
    if end - start > _LONGEST_REMARK or before[1] - before[0] < _LONGEST_REMARK:
        return False
    if _OPENERS.match(text, start) or _REQUEST.search(text, start, end):
        return False
    words = tokens[bisect_left(tokens, start, key=_start) : bisect_left(tokens, end, key=_start)]
    named = sum(t.morph.pos == "名詞" for t in words)
    return named < 2 and not any(t.morph.pos == "助詞" and t.morph.surface in _TOPICS for t in words)
