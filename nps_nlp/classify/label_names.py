"""What the labels of other people's classifiers mean in the labels of this project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import normalize

from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WORDS = {
    "positive": "positive pos p good happy satisfied ポジティブ ポジ 肯定 肯定的 好意的 満足 良い プラス",
    "negative": "negative neg n bad unhappy dissatisfied ネガティブ ネガ 否定 否定的 不満 悪い マイナス",
    "neutral": "neutral neu neut objective ニュートラル 中立 中立的 中性 どちらでもない 普通",
    "mixed": "mixed both conflict ambivalent 混合 両方 賛否両論",
    "praise": "praise compliment 称賛 賞賛 お褒め",
    "complaint": "complaint criticism クレーム 苦情 不満点",
    "suggestion": "suggestion request idea feature_request 要望 提案 改善要望",
    "none": "none other nothing なし 該当なし その他",
}
_MEANING = {word: label for label, words in _WORDS.items() for word in words.split()}
_STARS = {1: "negative", 2: "negative", 3: "neutral", 4: "positive", 5: "positive"}
_STAR = re.compile(r"([1-5]) ?(?:stars?|つ星|星|★)|(?:star|星|★) ?([1-5])")
_VERY = re.compile(r"^(?:very|slightly|somewhat|とても|非常に|やや) ?")
_NUMBERED = re.compile(r"label ?(\d+)")
# Without names, checkpoints count from bad to good by custom; a checkpoint that does not is named with --map-label.
_BY_NUMBER = {2: ("negative", "positive"), 3: ("negative", "neutral", "positive"), 5: tuple(_STARS.values())}
IGNORED = "-"


def meanings(labels: Sequence[str], own: Mapping[str, str], themes: Sequence[str]) -> tuple[str, list[str]]:
    """Return the kind of labels that a classifier gives, and what each of its labels means.

    Parameters
    ----------
    labels : sequence of str
        As the checkpoint names them, in the order of its outputs.
    own : mapping of str to str
        What the user says that labels mean; ``"-"`` leaves a label out.
    themes : sequence of str
        Theme ids that may be meant.

    Returns
    -------
    kind : {"sentiment", "intent", "themes"}
    list of str
        For each label a sentiment, an intent, a theme id, or ``"-"``.

    Raises
    ------
    ModelError
        When a label has no known meaning, labels of unlike kinds are mixed, or all mean the same; names them and the
        option.

    Examples
    --------
    >>> meanings(["LABEL_0", "LABEL_1", "LABEL_2"], {}, ())
    ('sentiment', ['negative', 'neutral', 'positive'])
    >>> meanings(["ネガティブ", "5 stars"], {}, ())
    ('sentiment', ['negative', 'positive'])
    """
    strangers = sorted(set(own) - set(labels))
    found = [own.get(label) or _meaning(label, len(labels), themes) for label in labels]
    unknown = [label for label, meaning in zip(labels, found, strict=True) if not meaning]
    kinds = {"sentiment": SENTIMENTS, "intent": INTENTS, "themes": tuple(themes)}
    allowed = [kind for kind, names in kinds.items() if {m for m in found if m != IGNORED} <= set(names)]
    # One sentiment or intent alone would be given to every text.
    constant = not unknown and len(set(found) - {IGNORED}) < (1 if allowed == ["themes"] else 2)
    if unknown or strangers or not allowed or constant:
        wrong = (
            f"its label(s) {', '.join(map(repr, unknown))} have no known meaning"
            if unknown
            else f"it has no label {', '.join(map(repr, strangers))}, only {', '.join(map(repr, labels))}"
            if strangers
            else f"its labels mean {', '.join(map(repr, found))}, which are not of one kind"
            if not allowed
            else f"its labels mean {', '.join(map(repr, found))}, which tells nothing apart"
        )
        raise ModelError(
            f"The checkpoint cannot be used as it is: {wrong}. Say what each label means, as in --map-label "
            f"{labels[0]}=negative (one of {', '.join(SENTIMENTS)}; or all of {', '.join(INTENTS)}; or theme ids; "
            f"{IGNORED} leaves a label out)."
        )
    return allowed[0], found


def _meaning(label: str, count: int, themes: Sequence[str]) -> str:
    plain = re.sub(r"[\s_-]+", " ", normalize("NFKC", label)).strip().casefold()
    if label in themes or plain in themes:
        return label if label in themes else plain
    star, number = _STAR.fullmatch(plain), _NUMBERED.fullmatch(plain)
    if star:
        return _STARS[int(star[1] or star[2])]
    if number:
        row = _BY_NUMBER.get(count, ())
        return row[int(number[1])] if int(number[1]) < len(row) else ""
    return _MEANING.get(_VERY.sub("", plain), _MEANING.get(plain, ""))
