"""Where a Japanese sentence turns or adds an opinion: the places between its clauses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nps_nlp.language.tokens import Morph, Token

_COMMAS = frozenset("、,")
_STOPS = frozenset("。!?")
# Conjunctive particles that set one opinion against another, or beside it: 高いが, 良いけど, 安いし.
_TURNING = frozenset({"が", "けど", "けれど", "けれども", "けども", "し"})
_CONJUNCTIONS = frozenset(
    "ただ ただし しかし しかしながら でも だが だけど けど けれど けれども ですが ところが なのに とはいえ それでも しかも".split()
)
# The surfaces at which anything is decided; all other words are passed over.
_SIGNS = _TURNING | _CONJUNCTIONS | _COMMAS | _STOPS | {"に", "・", "/"}
# What may open a clause after a comma and speaks of something else than the clause before it.
_OPENERS = re.compile(
    r"しかも|おまけに|さらに|更に|それでいて|その上|そのうえ|加えて|逆に|なのに|だけど|しかし|ただし|ただ(?![のでし])|でも"
    r"|ところが|とはいえ|それでも|むしろ"
)
# Concessions and additions that end in a noun; の上 and の代わり are places and things.
_CONCEDED = re.compile(r"(?:反面|一方で?|(?<=[たいるうな])(?:うえ|上)に?|ものの|[わ割]りに|割に|くせに|にも(?:かかわ|関わ)らず|どころか|ばかりか)$")
# すみませんが and the like open a request, a lone だが or せやけど a sentence: neither is a statement.
_PREFACE = re.compile(
    r"(?:大変|誠に|まことに|本当に|毎度|いつも|お忙しいところ)?"
    r"(?:す[みい]ません|済みません|申し訳(?:あり|ござい)ません|申し訳ない(?:の?です)?|ごめんなさい|恐れ入り(?:ます)?|恐縮(?:です)?"
    r"|失礼(?:です)?|勝手(?:です|を申します|を言います)|わがまま(?:です|を(?:言い|申し)ます)|余談(?:です|だ)|僭越です|蛇足です"
    r"|お?(?:手数|手間)(?:です|(?:を?お?(?:掛け|かけ)(?:し|いたし|致し)ます))?|ご面倒(?:です|を?お?(?:掛け|かけ)(?:し|いたし)ます)"
    r"|細かい(?:こと|話|点)(?:です|だ)|贅沢(?:な(?:話|お願い))?(?:です|だ)|個人的(?:な(?:意見|感想))?(?:です|だ)"
    r"|(?:難し|むずかし|厳し)い(?:の)?(?:と|とは|か|かも|でしょう)?(?:は?思い?ます|は?思う|しれません|知れません|しれない)?(?:です)?"
    r"|(?:[せそほ]?や|だ|です|じゃ)(?:ねん)?)"
    r"(?:が|けど|けれど|けれども|けども)"
)
# Clause endings that go on: 届き、 (a verb form other than its base), 清潔で、, 見当たらず、, 開いていて、.
_GOES_ON = frozenset({"で", "ず", "なく", "れ", "られ", "せ", "させ"})
_ADDING = frozenset({"も", "まで"})
_SHORTEST = 5
_LOOK_AHEAD = 12


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
        In ascending order: the start of the clause that follows.

    Examples
    --------
    >>> from nps_nlp.language.japanese import tokenise
    >>> text = "すみませんが、味は良いのに店が狭い"
    >>> [text[cut:] for cut in clause_cuts(text, tokenise(text))]
    ['店が狭い']
    """
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


def _cut_at(text: str, tokens: Sequence[Token], index: int, since: int) -> int | None:
    """Return where the clause ends that the sign at `index` ends, if it does."""
    start, morph = tokens[index]
    if morph.surface in _COMMAS:
        return _after_comma(text, start) if _comma_parts(text, tokens, index, since) else None
    if morph.pos == "接続詞" and morph.surface in _CONJUNCTIONS:
        return start if start > since else None
    if morph.surface in "・/":
        return start + 1 if index and _ends_sentence(tokens[index - 1].morph) else None
    if morph.surface == "に":
        return _after_comma(text, start + 1) if _concedes(text, tokens, index) else None
    if morph.pos2 != "接続助詞":
        return None
    end = start + len(morph.surface)
    if text.startswith("も", end):
        end += 1
    return None if _PREFACE.fullmatch(text, _clause_start(text, since, start), end) else _after_comma(text, end)


def _clause_start(text: str, since: int, end: int) -> int:
    start = max(since, text.rfind("\n", since, end) + 1, text.rfind("、", since, end) + 1)
    return start + (len(text[start:end]) - len(text[start:end].lstrip()))


def _concedes(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Tell 良いのに (concession) from 行くのに便利 (purpose): there a plain verb stands before, and no comma follows."""
    if index < 2 or tokens[index - 1].morph.surface != "の":
        return False
    after = tokens[index].end
    if text[after : after + 1] in _COMMAS:
        return True
    before = tokens[index - 2].morph
    stative = before.pos == "形容詞" or before.surface in {"な", "た", "ない", "てる", "いる", "ん"}
    return stative and text[after : after + 1] not in {"は", "も", ""}


def _comma_parts(text: str, tokens: Sequence[Token], index: int, since: int) -> bool:
    start = tokens[index].start
    if start - since < _SHORTEST or index + 1 == len(tokens):
        return False
    after = tokens[index + 1].start
    if _OPENERS.match(text, after) or _CONCEDED.search(text[since:start]):
        return True
    return _goes_on(tokens[index - 1].morph) and _adds(tokens, index + 1)


def _goes_on(morph: Morph) -> bool:
    if morph.pos in {"動詞", "形容詞", "接尾辞"}:
        return morph.surface != morph.base and morph.base not in {"くださる", "下さる"}
    return morph.pos == "助動詞" and morph.surface in _GOES_ON or morph.pos2 == "接続助詞" and morph.surface in {"て", "で"}


def _adds(tokens: Sequence[Token], index: int) -> bool:
    """Does the clause speak of one thing more (…も, …まで)? Otherwise it tells what came of the clause before."""
    for token in tokens[index : index + _LOOK_AHEAD]:
        if token.morph.pos == "助詞" and token.morph.surface in _ADDING:
            return True
        if token.morph.surface in _COMMAS or token.morph.surface in _STOPS:
            return False
    return False


def _ends_sentence(morph: Morph) -> bool:
    """Can a sentence end with this word? A predicate in its plain or polite form can."""
    return morph.pos in {"形容詞", "動詞", "助動詞"} and morph.surface in {morph.base, "ん"} or morph.pos2 == "終助詞"


def _after_comma(text: str, position: int) -> int:
    while position < len(text) and text[position] in "、, ":
        position += 1
    return position
