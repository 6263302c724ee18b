"""Japanese through fugashi and unidic-lite: a fast token stream, and the same tokens as spaCy Docs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import fugashi
import spacy
from spacy.tokens import Doc, Token as SpacyToken

from nps_nlp.language.tokens import Morph, Token

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.vocab import Vocab

TOKENIZER = "nps_nlp.fugashi_tokenizer.v1"
# One line a word: surface, pos1, pos2, lemma, orthBase. Parsing these lines with a cache is several times faster
# than asking fugashi for the features of every node, which is most of the time of tokenising.
_FORMAT = r"-O '' -F '%m\t%f[0]\t%f[1]\t%f[7]\t%f[10]\n' -U '%m\t%f[0]\t%f[1]\t\t\n' -E '\n'"
_UD = {
    "名詞": "NOUN", "代名詞": "PRON", "形状詞": "ADJ", "連体詞": "DET", "副詞": "ADV", "接続詞": "CCONJ", "感動詞": "INTJ",
    "動詞": "VERB", "形容詞": "ADJ", "助動詞": "AUX", "助詞": "ADP", "接頭辞": "NOUN", "接尾辞": "NOUN", "記号": "SYM",
    "補助記号": "PUNCT", "空白": "SPACE",
}  # fmt: skip
_BLANKS = str.maketrans(dict.fromkeys("\r\n\t\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029\x00", " "))


@cache
def _tagger() -> fugashi.GenericTagger:
    import unidic_lite

    return fugashi.GenericTagger(f'-r /dev/null -d "{unidic_lite.DICDIR}" {_FORMAT}')


@cache
def _morph(line: str) -> Morph:
    # fugashi strips the end of its output: the last line can lack its empty fields.
    surface, pos, pos2, lemma, base = (line + "\t\t\t\t").split("\t")[:5]
    return Morph(surface, pos, pos2, lemma.split("-")[0] or surface, base or surface)


def tokenise(text: str) -> list[Token]:
    """Cut a normalised Japanese text into words.

    Parameters
    ----------
    text : str
        NFKC text; line breaks may stand in it.

    Returns
    -------
    list of Token
        Words with their start in `text`; blanks belong to no word.

    Examples
    --------
    >>> [(t.start, t.morph.surface, t.morph.base) for t in tokenise("UIが\\n使いにくかった")]
    [(0, 'UI', 'UI'), (2, 'が', 'が'), (4, '使い', '使う'), (6, 'にくかっ', 'にくい'), (10, 'た', 'た')]
    """
    tokens: list[Token] = []
    position = 0
    parsed = _tagger().parse(text.translate(_BLANKS))
    for line in parsed.split("\n"):
        if not line:
            continue
        morph = _morph(line)
        position = text.index(morph.surface, position)
        tokens.append(Token(position, morph))
        position += len(morph.surface)
    return tokens


class FugashiTokenizer:
    """A spaCy tokenizer that gives the same words as `tokenise`, with part of speech, lemma and base form."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Cut a text into a Doc whose text is the input, to the character."""
        words, spaces, morphs = [], [], []
        position = 0
        for start, morph in tokenise(text):
            _fill_gap(text[position:start], words, spaces, morphs)
            words.append(morph.surface)
            spaces.append(False)
            morphs.append(morph)
            position = start + len(morph.surface)
        _fill_gap(text[position:], words, spaces, morphs)
        doc = Doc(self.vocab, words=words, spaces=spaces)
        for token, morph in zip(doc, morphs, strict=True):
            token.tag_ = f"{morph.pos}-{morph.pos2}" if morph.pos else "空白"
            token.pos_ = "PROPN" if morph.pos2 == "固有名詞" else _UD.get(morph.pos, "SPACE" if not morph.pos else "X")
            token.lemma_ = morph.lemma
            token._.base = morph.base
        return doc

    def to_bytes(self, **_: object) -> bytes:
        """Return nothing: the tokenizer has no state of its own."""
        return b""

    def from_bytes(self, _: bytes, **__: object) -> FugashiTokenizer:
        """Restore nothing."""
        return self

    def to_disk(self, _: object, **__: object) -> None:
        """Write nothing."""

    def from_disk(self, _: object, **__: object) -> FugashiTokenizer:
        """Restore nothing."""
        return self


def _fill_gap(gap: str, words: list[str], spaces: list[bool], morphs: list[Morph]) -> None:
    """Put the blanks between two words into the Doc: one space after a word, or a token of their own."""
    if gap == " " and words:
        spaces[-1] = True
    elif gap:
        words.append(gap)
        spaces.append(False)
        morphs.append(Morph(gap, "", "", gap, gap))


@spacy.registry.tokenizers(TOKENIZER)
def _create_tokenizer() -> object:
    def create(nlp: Language) -> FugashiTokenizer:
        return FugashiTokenizer(nlp.vocab)

    return create


def blank_ja() -> Language:
    """Return ``spacy.blank("ja")`` with the fugashi tokenizer; no SudachiPy is needed.

    Examples
    --------
    >>> [(t.text, t.pos_, t._.base) for t in blank_ja()("高かった")]
    [('高かっ', 'ADJ', '高い'), ('た', 'AUX', 'た')]
    """
    if not SpacyToken.has_extension("base"):
        SpacyToken.set_extension("base", default="")
    return spacy.blank("ja", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
