"""Question and text as the token ids that the encoder reads: ``<s> question </s> text </s>``."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nps_nlp.language.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BEGIN, PAD, END = 0, 1, 2
_LONGEST_QUESTION = 24


@lru_cache(maxsize=1_024)
def clean_question(question: str) -> str:
    """Bring a column heading into the form that the encoder reads."""
    return squeeze(normalise(question).text)


def squeeze(text: str) -> str:
    """Make every run of blanks and line ends one space."""
    return " ".join(text.split())


def encode_pairs(tokenizer: Any, pairs: Sequence[tuple[str, str]], longest: int) -> list[list[int]]:
    """Cut (question, text) pairs into token ids.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
    pairs : sequence of (str, str)
        Question and text, normalised; an empty question leaves the text alone.
    longest : int
        Most ids in a row; of a longer text the beginning and the end are kept, where opinions are summed up.

    Returns
    -------
    list of list of int
    """
    known = {q: e.ids[:_LONGEST_QUESTION] for q, e in _encoded(tokenizer, list(dict.fromkeys(q for q, _ in pairs)))}
    texts = dict(_encoded(tokenizer, list(dict.fromkeys(t for _, t in pairs))))
    out = []
    for question, text in pairs:
        head = [BEGIN, *known[question], END] if known[question] else [BEGIN]
        ids = texts[text].ids
        room = longest - len(head) - 1
        if len(ids) > room:
            ids = [*ids[: room - room // 3], *ids[len(ids) - room // 3 :]]
        out.append([*head, *ids, END])
    return out


def _encoded(tokenizer: Any, texts: list[str]) -> Iterable[tuple[str, Any]]:
    return zip(texts, tokenizer.encode_batch_fast(texts, add_special_tokens=False), strict=True)
