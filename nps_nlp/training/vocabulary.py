"""Trim the vocabulary of the base model to the pieces that Japanese and English comments need."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.extras import need

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
# XLM-R lists its pieces by frequency, and English is its largest language.
_FREQUENT_LATIN = 25_000


def count_pieces(tokenizer: str, texts: Iterable[str]) -> Counter[str]:
    """Count the pieces that texts are cut into."""
    cutter = need("tokenizers", "train").Tokenizer.from_str(tokenizer)
    counts: Counter[str] = Counter()
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == 10_000:
            counts.update(p for e in cutter.encode_batch(batch, add_special_tokens=False) for p in e.tokens)
            batch = []
    counts.update(p for e in cutter.encode_batch(batch, add_special_tokens=False) for p in e.tokens)
    return counts


def choose_pieces(vocabulary: Sequence[tuple[str, float]], counts: Counter[str]) -> list[int]:
    """Choose the pieces to keep.

    Kept are pieces that occur in the counted texts, all of kana and of kanji of JIS X 0208, punctuation,
    digits, symbols and emoji, and the most frequent pieces of unaccented Latin letters.

    Returns
    -------
    list of int
        Places in the vocabulary, ascending; the special pieces first.
    """
    kept, latin_seen = [], 0
    for place, (piece, _) in enumerate(vocabulary):
        bare = piece.replace("▁", "")
        latin = piece not in _SPECIAL and bare.isascii() and any(c.isalpha() for c in bare)
        latin_seen += latin
        if (
            piece in _SPECIAL
            or piece in counts
            or (latin and latin_seen <= _FREQUENT_LATIN)
            or (not latin and _is_common(bare))
        ):
            kept.append(place)
    return kept


def _is_common(bare: str) -> bool:
    """Tell signs without letters, and pieces of kana and kanji of JIS X 0208."""
    return all(
        not unicodedata.category(c).startswith(("L", "M")) or "\u3040" <= c <= "\u30ff" or _in_jis(c) for c in bare
    )


def _in_jis(character: str) -> bool:
    try:
        return "\u3005" <= character <= "\u9fff" and len(character.encode("shift_jis")) == 2
    except UnicodeEncodeError:
        return False


def trim_tokenizer(tokenizer: str, kept: Sequence[int]) -> str:
    """Return tokenizer.json with the kept pieces alone, renumbered in their order.

    Cutting for inference adds nothing by itself: special pieces are placed by the caller.
    """
    raw: dict[str, Any] = json.loads(tokenizer)
    raw["model"]["vocab"] = [raw["model"]["vocab"][place] for place in kept]
    pieces = {piece: place for place, (piece, _) in enumerate(raw["model"]["vocab"])}
    raw["model"]["unk_id"] = pieces["<unk>"]
    raw["added_tokens"] = [{**t, "id": pieces[t["content"]]} for t in raw["added_tokens"] if t["content"] in pieces]
    raw["post_processor"] = None
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":"))


def trim_words(words: NDArray[np.float32], kept: Sequence[int]) -> NDArray[np.float32]:
    """Return the embedding rows of the kept pieces."""
    return np.ascontiguousarray(words[np.asarray(kept)])
