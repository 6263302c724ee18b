"""Names of persons in Japanese text: before さん, 様, 店長, after 担当の, 受付の, and in introductions.

UniDic tells surnames and given names from other nouns in their context (石川さん is a person, 石川県 is not), so the
dictionary decides, and lists are needed only for roles, titles, and what UniDic takes for a name.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from nps_nlp.privacy.nobody_ja import is_nobody, stands_for_a_house
from nps_nlp.privacy.words import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import fugashi

    from nps_nlp.privacy.numbers import Span

_FORMAT = r"-O '' -F '%m\t%f[0]\t%f[1]\t%f[2]\t%f[3]\n' -U '%m\t?\t\t\t\n' -E '\n'"
# Variants of letters that the dictionary has under their common form only.
_VARIANTS = str.maketrans("髙﨑濵濱邉邊德𠮷眞瀨", "高崎浜浜辺辺徳吉真瀬")
# Longer ones are names of shops: リヴァージュアケボノ.
_KATAKANA = re.compile(r"[ァ-ヺー]{2,6}")
_LATIN = re.compile(r"[A-Z][a-z]{2,}")
_CAPITALS = re.compile(r"[A-Z]{3,8}")
_SAME_SCRIPT = re.compile(r"[ぁ-ん]{2}")
_KATAKANA_PAIR = re.compile(r"[ァ-ヺー]{2}")
_TWO_HAN = re.compile(r"[一-鿿々]{2}")
_HONORED = re.compile(r"\s?(?=さん|様|さま|くん|ちゃん|氏)")
_MOST_WORDS = 4


class Word(NamedTuple):
    """A word at its place, with UniDic's four parts of speech (``?`` for unknown words)."""

    start: int
    surface: str
    pos: str
    pos2: str
    pos3: str
    pos4: str

    @property
    def end(self) -> int:
        """Position after the last character."""
        return self.start + len(self.surface)

    @property
    def is_name(self) -> bool:
        """Whether the dictionary takes it for a person's name here."""
        return self.pos3 == "人名" and self.surface[-1] != "っ" and self.surface not in word_set("not_names_ja")


_SELF = (
    r"と申し|と名乗|と言います|といいます|という(?:受付|ドライバー|ガイド|先生|店員|スタッフ|担当|方|人|男性|女性|者|社員|職員|名前)|とかいう|より$"
    r"|と書い"
)


def _any(*names: str) -> str:
    return "|".join(sorted((re.escape(w) for n in names for w in word_set(n)), key=len, reverse=True))


_ROLE = re.compile(
    rf"(?:{_any('labels_ja')})(?:名)?\s?(?P<label>[:は]|\s)\s?"
    rf"|(?:{_any('roles_ja')})(?:さん|者|員|の方)?(?:の|が|は|[(「『:、,])\s?"
)
# Plain words only, which `re` finds fast: what every match of `TRIGGER` holds.
ROUGHLY = re.compile(
    f"{_any('honorifics_ja', 'titles_ja', 'labels_ja', 'roles_ja')}|ｻﾝ|ﾁｬﾝ|ｸﾝ|対応|お世話|接客|と申し|と名乗|と言います"
    "|といいます"
    "|という|とかいう|より|と書い|です[。、！!]"
)
# What a text with a name to be found holds at least one of; たくさん, お客様, 店員さん and 様々 are none.
TRIGGER = re.compile(
    r"(?<!たく)(?<![沢客皆員屋父母])(?:さん|ｻﾝ)(?![ざぽご])"
    r"|(?<![客皆同神仕模多王何])様(?![々子相式])|さま|氏(?!名)"
    r"|(?:ちゃん|ﾁｬﾝ)(?!と)|(?:くん|ｸﾝ)|君(?!た)|殿"
    rf"|{_any('titles_ja')}|(?:{_any('labels_ja')})(?:名)?\s?[:：は\s]"
    rf"|(?:{_any('roles_ja')})(?:さん|者|員|の方)?[のがは(（「『:：、,]"
    rf"|対応|お世話|接客|(?:^|[。！!\n])[一-鿿]{{1,4}}です(?=[。！!\n]|$)|{_SELF}"
)
# Cut where a sentence has no end: the time of the search below grows with its square.
_SENTENCE = re.compile(r"[^。!?！？\n]{1,400}")


def names(text: str) -> Iterator[Span]:
    """Yield the names of persons, without their honorific."""
    for sentence in _SENTENCE.finditer(text):
        if TRIGGER.search(sentence[0]):
            for start, end in _in_sentence(sentence[0]):
                yield sentence.start() + start, sentence.start() + end


def _in_sentence(text: str) -> Iterator[Span]:
    words = tokenise(text)
    for index, word in enumerate(words):
        if word.surface in word_set("honorifics_ja") and word.pos == "接尾辞":
            for start, end in _before(words, index, strict=word.surface in _STRICT):
                if not (is_nobody(text, text[start:end], word.start) or stands_for_a_house(text, start)):
                    yield start, end
        elif word.surface in word_set("titles_ja"):
            # カードリーダー is no リーダー called カード.
            device = index and _KATAKANA.fullmatch(word.surface) and _KATAKANA.fullmatch(words[index - 1].surface)
            if not device:
                yield from _before(words, index, strict=word.surface in word_set("titles_of_places_ja"))
    yield from _in_hiragana(text)
    yield from _after_role(text, words)
    yield from _introduced(text, words)
    for start, end in _full_names(words):
        honored = _HONORED.match(text, end)
        nobody = honored is not None and is_nobody(text, text[start:end], honored.end())
        if not (nobody or stands_for_a_house(text, start)):
            yield start, end


# 君 is also "you", 氏 also "clan": only after what surely is a name.
_STRICT = frozenset({"君", "氏"})


def _before(words: Sequence[Word], index: int, *, strict: bool) -> Iterator[Span]:
    """Yield the name that ends where the honorific begins."""
    first = index
    while first and index - first < _MOST_WORDS and words[first - 1].end >= words[first].start - 1:
        word = words[first - 1]
        joins = word.surface in "・=" and first > 1
        if not (word.is_name or joins or (not strict and _may_be_name(words, first - 1))):
            break
        first -= 1
    while first < index and words[first].surface in "・=":
        first += 1
    name = "".join(w.surface for w in words[first:index])
    if name and name not in word_set("public_names_ja") and not (first and _part_of_compound(words, first)):
        yield words[first].start, words[index - 1].end


@cache
def _role_words() -> frozenset[str]:
    # 美容 + 師: the last word of a role stands for it.
    return word_set("roles_ja") | {"師", "員", "者", "士", "係"}


def _after_role_word(words: Sequence[Word], index: int) -> bool:
    return "".join(w.surface for w in words[max(0, index - 3) : index]).endswith(tuple(word_set("roles_ja")))


def _part_of_compound(words: Sequence[Word], first: int) -> bool:
    """Tell whether the words before a name make one thing of it and them: 料理宿やまざきさん, ホテル芳泉さん."""
    before, name = words[first - 1], words[first].surface
    if before.end < words[first].start:
        return False
    if _SAME_SCRIPT.fullmatch(before.surface[-1] + name[0]) and before.pos != "助詞" and len(name) < 3:
        return True
    if _KATAKANA_PAIR.fullmatch(before.surface[-1] + name[0]) and before.surface not in _role_words():
        return True
    if before.pos not in {"接頭辞", "接尾辞", "名詞", "?"}:
        return False
    return not (
        before.pos2 == "数詞"
        or before.pos3 == "副詞可能"
        or before.surface in word_set("honorifics_ja")
        or before.surface in word_set("titles_ja")
        or _after_role_word(words, first)
    )


def _may_be_name(words: Sequence[Word], index: int) -> bool:
    """Tell whether a word that the dictionary reads otherwise here is a name before an honorific."""
    word = words[index]
    if word.surface in word_set("not_names_ja"):
        return False
    if word.pos == "?" or (word.pos2 == "固有名詞" and word.pos3 == "一般"):
        # RINA is a person where a role stands before her, else a brand.
        called = _CAPITALS.fullmatch(word.surface) and index > 1 and words[index - 2].surface in _role_words()
        if called or _KATAKANA.fullmatch(word.surface) or _LATIN.fullmatch(word.surface):
            return True
        # 野村, 本田: also companies.
        return bool(_TWO_HAN.fullmatch(word.surface)) and _known_as_name(word.surface)
    if len(word.surface) == 1:
        # 東さん, 林様, 陳先生: only alone, in 駅東 and お星さま they are no names.
        alone = not index or words[index - 1].pos not in {"名詞", "接頭辞", "接尾辞", "?"}
        return word.surface in word_set("surnames_of_one_letter_ja") and (alone or _after_role_word(words, index))
    return word.pos == "名詞" and _known_as_name(word.surface)


@lru_cache(maxsize=10_000)
def _known_as_name(surface: str) -> bool:
    """Tell whether the dictionary has the word as a person's name at all: さくら, ゆうき, 福井."""
    lines = _tagger().nbest(surface, 6).split("\n")
    return any(line.split("\t")[3:4] == ["人名"] for line in lines if line.startswith(f"{surface}\t"))


# Given names whose letters the dictionary reads as particles: りこちゃん, レジのあかりさん.
_IN_HIRAGANA = re.compile(
    rf"(?:(?<![ぁ-ん])(?P<child>[ぁ-ん]{{2,4}})(?=くん|ちゃん|先生)"
    rf"|(?:{_any('roles_ja')})の(?P<staff>[ぁ-ん]{{2,4}})(?=さん|くん|ちゃん))"
)


def _in_hiragana(text: str) -> Iterator[Span]:
    for m in _IN_HIRAGANA.finditer(text):
        group = "child" if m["child"] else "staff"
        start, end = m.span(group)
        known = m[group] in word_set("given_names_in_hiragana_ja") or _known_as_name(m[group])
        nobody = m[group] in word_set("not_names_ja") or is_nobody(text, m[group], end)
        if known and not nobody and not stands_for_a_house(text, start):
            yield start, end


def _after_role(text: str, words: Sequence[Word]) -> Iterator[Span]:
    """Yield the name after a role or a label: 担当の田中が, 受付の佐藤, 担当者：鈴木, 氏名 山田太郎."""
    for m in _ROLE.finditer(text):
        run = _name_run(words, m.end(), unknown=m["label"] == ":")
        if run and (m["label"] == ":" or _surely(run, words)):
            yield run[0].start, run[-1].end


def _name_run(words: Sequence[Word], start: int, *, unknown: bool) -> list[Word]:
    """Return the words of a name that begins at a place of the text."""
    run: list[Word] = []
    for index, word in enumerate(words):
        if word.start < start:
            continue
        if word.start - (run[-1].end if run else start) > 1:
            break
        joins = bool(run) and word.surface in "・="
        foreign = unknown and word.pos == "?" and _KATAKANA.fullmatch(word.surface)
        other = (
            word.pos == "名詞"
            and word.pos3 != "副詞可能"
            and _TWO_HAN.match(word.surface)
            and _known_as_name(word.surface)
        )
        if not (word.is_name or joins or foreign or (not run and (other or _one_letter(words, index)))):
            break
        run.append(word)
        if index + 1 == len(words) or len(run) == _MOST_WORDS:
            break
    while run and run[-1].surface in "・=":
        run.pop()
    return run


def _one_letter(words: Sequence[Word], index: int) -> bool:
    """Tell whether a surname of one letter stands alone: 担当の林が, and not 担当の林檎."""
    after = words[index + 1].surface if index + 1 < len(words) else ""
    return words[index].surface in word_set("surnames_of_one_letter_ja") and after in {"が", "は", "さん", "様", "、"}


def _surely(run: Sequence[Word], words: Sequence[Word]) -> bool:
    """Tell whether a name after a role stands for itself: not 森の中 (one letter), not 高橋町 or 松本城."""
    after = next((w for w in words if w.start == run[-1].end), None)
    if after is not None and after.pos in {"接尾辞", "名詞"} and after.surface not in word_set("honorifics_ja"):
        return after.surface in word_set("titles_ja")
    if after is not None and after.surface == "の" and run[0].pos3 == "地名":
        return False  # 女将は会津の歴史を
    if not run[0].is_name and (after is None or after.pos != "助詞"):
        return False  # 看護師の味方
    return len(run) > 1 or len(run[0].surface) > 1 or run[0].surface in word_set("surnames_of_one_letter_ja")


def _introduced(text: str, words: Sequence[Word]) -> Iterator[Span]:
    """Yield the name before と申します, という店員, と名乗る …, and a full name before より at the end."""
    for m in re.finditer(_SELF, text):
        run: list[Word] = []
        for word in reversed([w for w in words if w.end <= m.start()]):
            if not word.is_name or (run and word.end < run[0].start - 1) or (not run and word.end != m.start()):
                break
            run.insert(0, word)
        surely = len(run) > 1 or (run and run[0].pos4 == "姓" and m[0] != "より")
        if surely:
            yield run[0].start, run[-1].end


def _full_names(words: Sequence[Word]) -> Iterator[Span]:
    """Yield a surname with a given name wherever they stand, and the surname of 佐藤です as a whole sentence."""
    for index, (first, second) in enumerate(pairwise(words)):
        after = words[index + 2] if index + 2 < len(words) else None
        alone = after is None or after.pos not in {"接尾辞", "名詞"} or after.surface in word_set("honorifics_ja")
        together = (
            first.pos4 == "姓" and second.pos4 == "名" and second.start - first.end <= 1 and len(first.surface) > 1
        )
        if together and alone and first.surface + second.surface not in word_set("public_names_ja"):
            yield first.start, second.end
    whole = len(words) in {2, 3} and words[0].pos4 == "姓" and words[1].surface == "です"
    if whole and words[0].surface not in word_set("prefectures_ja"):
        yield words[0].start, words[0].end


def tokenise(text: str) -> list[Word]:
    """Cut a text into words with UniDic's parts of speech."""
    words, position = [], 0
    plain = text.translate(_VARIANTS).replace("\0", " ")
    for line in _tagger().parse(plain).split("\n"):
        if line:
            surface, *parts = (line + "\t\t\t\t").split("\t")[:5]
            position = plain.index(surface, position)
            words.append(Word(position, text[position : position + len(surface)], *parts))
            position += len(surface)
    return words


@cache
def _tagger() -> fugashi.GenericTagger:
    import fugashi
    import unidic_lite

    return fugashi.GenericTagger(f'-r /dev/null -d "{unidic_lite.DICDIR}" {_FORMAT}')


_NAME_LETTERS = re.compile(r"[一-鿿々ぁ-んァ-ヺー・ 　]{2,12}")


def is_whole_name(cell: str, *, alone: bool) -> bool:
    """Tell whether a cell is a surname and a given name; one of them where `alone` is enough."""
    if not _NAME_LETTERS.fullmatch(cell):
        return False
    words = tokenise(cell)
    kinds = {w.pos4 for w in words}
    if alone:
        return all(w.is_name or (w.pos3 == "地名" and _known_as_name(w.surface)) for w in words)
    return all(w.is_name for w in words) and {"姓", "名"} <= kinds
