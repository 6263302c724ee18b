"""Japanese through fugashi and unidic-lite: a fast token stream, and the same tokens as spaCy Docs."""

from __future__ import annotations

from functools import cache
from itertools import accumulate, repeat
from operator import itemgetter
from typing import TYPE_CHECKING

import fugashi
import spacy
from spacy.tokens import Doc
from spacy.tokens import Token as SpacyToken
from spacy.util import DummyTokenizer, registry

from nps_nlp.language.tokens import Morph, Token

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.language import Language
    from spacy.vocab import Vocab

TOKENIZER = "nps_nlp.fugashi_tokenizer.v1"
# One line a word: surface, pos1, pos2, lemma, orthBase. Looking these lines up in a cache is several times
# faster than asking fugashi for the features of every node, which takes most of the time of tokenising.
_FORMAT = r"-O '' -F '%m\t%f[0]\t%f[1]\t%f[7]\t%f[10]\n' -U '%m\t%f[0]\t%f[1]\t\t\n' -E '\n'"
# Universal parts of speech of UniDic's, by subdivision where that says more.
_UD = {
    "名詞": "NOUN", "代名詞": "PRON", "形状詞": "ADJ", "連体詞": "DET", "副詞": "ADV", "接続詞": "CCONJ",
    "感動詞": "INTJ", "動詞": "VERB", "形容詞": "ADJ", "助動詞": "AUX", "助詞": "ADP", "接頭辞": "NOUN",
    "接尾辞": "NOUN", "記号": "SYM", "補助記号": "PUNCT", "空白": "SPACE",
}  # fmt: skip
_UD_SUBDIVIDED = {
    "固有名詞": "PROPN", "数詞": "NUM", "接続助詞": "SCONJ", "準体助詞": "SCONJ", "終助詞": "PART",
    "形容詞的": "AUX", "動詞的": "AUX",
}  # fmt: skip
_surface = itemgetter(0)


@cache
def _tagger() -> fugashi.GenericTagger:
    import unidic_lite  # only where Japanese is read: it opens its version file when imported

    return fugashi.GenericTagger(f'-r /dev/null -d "{unidic_lite.DICDIR}" {_FORMAT}')


class _Morphs(dict[str, Morph]):
    """Every line of MeCab that was seen, parsed; forgotten when a stream of ever new words has filled it."""

    _MOST = 200_000

    def __missing__(self, line: str) -> Morph:
        # fugashi strips the end of its output: the last line can lack its empty fields.
        surface, pos, pos2, lemma, base = (line + "\t\t\t\t").split("\t")[:5]
        if len(self) >= self._MOST:
            self.clear()
        # Foreign words carry their origin in the lemma: プライス-price.
        morph = self[line] = Morph(surface, pos, pos2, lemma.split("-")[0] or surface, base or surface)
        return morph


_morphs = _Morphs()


def tokenise(text: str) -> list[Token]:
    r"""Cut a normalised Japanese text into words.

    Parameters
    ----------
    text : str
        NFKC text; line breaks may stand in it.

    Returns
    -------
    list of Token
        The words of ``fugashi.Tagger()`` with their start in `text`; blanks belong to no word (nor does NUL,
        at which MeCab would stop reading).

    Examples
    --------
    >>> [(t.start, t.morph.surface, t.morph.base) for t in tokenise("UIが\n使いにくかった")]
    [(0, 'UI', 'UI'), (2, 'が', 'が'), (4, '使い', '使う'), (6, 'にくかっ', 'にくい'), (10, 'た', 'た')]
    """
    lines = _tagger().parse(text.replace("\0", " ")).split("\n")
    if not lines[0]:
        return []
    # The innermost loop of all language work: it runs in C as long as no blank stands between the words.
    morphs = list(map(_morphs.__getitem__, lines))
    starts = list(accumulate(map(len, map(_surface, morphs)), initial=0))
    if starts[-1] != len(text):
        starts = _starts_among_blanks(text, morphs)
    return list(map(tuple.__new__, repeat(Token), zip(starts, morphs, strict=False)))


def _starts_among_blanks(text: str, morphs: list[Morph]) -> list[int]:
    starts = []
    position = 0
    for morph in morphs:
        position = text.index(morph.surface, position)
        starts.append(position)
        position += len(morph.surface)
    return starts


class FugashiTokenizer(DummyTokenizer):
    """A spaCy tokenizer that gives the same words as `tokenise`, with part of speech, lemma and base form.

    Parameters
    ----------
    vocab : Vocab
        Of the pipeline that it belongs to.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Cut a text into a Doc whose text is the input, to the character.

        Blanks are tokens of their own (tag ``空白``), except a single space after a word.
        """
        words: list[str] = []
        spaces: list[bool] = []
        morphs: list[Morph] = []
        position = 0
        for start, morph in tokenise(text):
            _fill_gap(text[position:start], words, spaces, morphs)
            words.append(morph.surface)
            spaces.append(False)
            morphs.append(morph)
            position = start + len(morph.surface)
        _fill_gap(text[position:], words, spaces, morphs)
        doc = Doc(
            self.vocab,
            words=words,
            spaces=spaces,
            tags=[f"{m.pos}-{m.pos2}" if m.pos2.strip("*") else m.pos for m in morphs],
            pos=[_UD_SUBDIVIDED.get(m.pos2) or _UD.get(m.pos, "X") for m in morphs],
            lemmas=[m.lemma for m in morphs],
        )
        for token, morph in zip(doc, morphs, strict=True):
            token._.base = morph.base
        return doc


def _fill_gap(gap: str, words: list[str], spaces: list[bool], morphs: list[Morph]) -> None:
    """Put the blanks between two words into the Doc: one space after a word, or a token of their own."""
    if gap == " " and words:
        spaces[-1] = True
    elif gap:
        words.append(gap)
        spaces.append(False)
        morphs.append(Morph(gap, "空白", "", gap, gap))


# At import and not in `blank_ja`: a pipeline loaded from disk or unpickled in another process needs both.
if not SpacyToken.has_extension("base"):
    SpacyToken.set_extension("base", default="")


def create_tokenizer() -> Callable[[Language], FugashiTokenizer]:
    """Return the factory that spaCy calls for ``@tokenizers = "nps_nlp.fugashi_tokenizer.v1"``."""

    def create(nlp: Language) -> FugashiTokenizer:
        return FugashiTokenizer(nlp.vocab)

    return create


registry.tokenizers.register(TOKENIZER, func=create_tokenizer)


def blank_ja() -> Language:
    """Return ``spacy.blank("ja")`` with the fugashi tokenizer; no SudachiPy is needed.

    ``spacy.load`` finds a saved pipeline's tokenizer once ``nps_nlp.language`` is imported.

    Examples
    --------
    >>> [(t.text, t.pos_, t._.base) for t in blank_ja()("高かった")]
    [('高かっ', 'ADJ', '高い'), ('た', 'AUX', 'た')]
    """
    return spacy.blank("ja", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
