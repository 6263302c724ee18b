"""The tiers of the package: a quick reader that knows words, and a slow one that reads sentences.

They err on different comments, so that the mean of both is better than either; and where the quick one is sure, the
slow one need not be asked. ``fast`` asks where it is in doubt, ``encoder`` always.
"""

from __future__ import annotations

import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from nps_nlp.classify.encoder import load_encoder
from nps_nlp.classify.features import model_language
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.linear import load_fast
from nps_nlp.classify.protocol import Classifier, Predictions, at_half
from nps_nlp.collector import no_collector
from nps_nlp.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from nps_nlp.classify.protocol import Piece

    Array = NDArray[np.float32]

# Share of the quick reader in what both say, chosen on comments that neither had learnt from (docs/classifiers.md).
_QUICK = np.float32(0.4)
# A mean of two confidences is seldom as high as either: from where on it gives a theme, chosen on the same comments.
_THEMES_FROM = np.float32(0.45)
# The slow reader takes time with every character: the quick one must be less sure of a longer text to ask about it.
_A_CHARACTER, _LONG = 0.002, 100
_LABELS = len(SENTIMENTS) + len(INTENTS)
_AT_ONCE = 128
# Fewer are not worth a run of the slow reader while there are more to come.
_FEWEST_ASKED = 8


class Quick(Classifier, Protocol):
    """A classifier that also tells how sure it is."""

    def read(self, pieces: Sequence[Piece]) -> tuple[Predictions, Array]:
        """Return the probabilities of the labels of each piece, and how sure they are, 0–1, shape (n,)."""
        ...


class Cascade:
    """Two readers of which the slow one is asked where the quick one is in doubt; what both say is averaged.

    Parameters
    ----------
    name : str
    quick : Quick
    slow : Classifier
        With the same themes.
    asks_below : mapping of str to float, optional
        By language (``"ja"``, ``"en"``) how sure the quick one must be to decide alone, see `asks`. Without it the slow
        one is always asked.
    beside : Classifier, optional
        The slow one as it works while the quick one is still reading; without it, as it works then.

    Raises
    ------
    ModelError
        When the two readers know different themes.
    """

    def __init__(
        self,
        name: str,
        quick: Quick,
        slow: Classifier,
        asks_below: Mapping[str, float] | None = None,
        beside: Classifier | None = None,
    ) -> None:
        if quick.theme_ids != slow.theme_ids:
            raise ModelError(f"{name}: its two models know different themes; reinstall nps-nlp.")
        self.name, self.theme_ids = name, quick.theme_ids
        self._quick, self._slow, self._asks_below = quick, slow, asks_below
        self._beside = beside or slow
        parts = (
            quick.fingerprint,
            slow.fingerprint,
            f"{_QUICK} {_THEMES_FROM} {_A_CHARACTER} {_LONG}",
            str(asks_below),
        )
        self.fingerprint = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @no_collector()
    def predict(self, pieces: Iterable[Piece]) -> Predictions:
        """Return the probabilities of the labels of each piece, independent of what else is in the batch.

        The pieces may come from a generator: the slow reader works on some while the next ones are made.
        """
        read: list[Array] = []
        asked: list[_Asked] = []
        waiting: dict[int, Piece] = {}
        count = 0
        left = iter(pieces)
        with ThreadPoolExecutor(1) as aside, _SHORT_TURNS:

            def ask(slow: Classifier) -> None:
                asked.append(_Asked(list(waiting), aside.submit(slow.predict, list(waiting.values()))))
                waiting.clear()

            while some := list(islice(left, _AT_ONCE)):
                found, sure = self._quick.read(some)
                read.append(found.table())
                waiting |= {count + place: some[place] for place in self._in_doubt(some, sure)}
                count += len(some)
                if len(waiting) >= _FEWEST_ASKED and (not asked or asked[-1].answer.done()):
                    ask(self._beside)
            if waiting:
                ask(self._slow)
        if not read:
            return self._quick.predict([])
        table = np.concatenate(read)
        for places, answer in asked:
            table[places] = mix(table[places], answer.result().table())
        return Predictions.of(table)

    def _in_doubt(self, pieces: Sequence[Piece], sure: Array) -> list[int]:
        if self._asks_below is None:
            return list(range(len(pieces)))
        always = np.inf
        enough = np.array([self._asks_below.get(model_language(piece.language), always) for piece in pieces])
        return np.flatnonzero(asks(sure, pieces, enough)).tolist()


class _ShortTurns:
    """Lets threads wait half a millisecond for Python, not five: the slow reader needs it a moment a batch.

    The setting is one of the whole process: the first to come in changes it, the last to leave sets it back.
    """

    def __init__(self) -> None:
        self._lock, self._inside, self._before = Lock(), 0, 0.0

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._before = sys.getswitchinterval()
                sys.setswitchinterval(5e-4)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                sys.setswitchinterval(self._before)


_SHORT_TURNS = _ShortTurns()


class _Asked(NamedTuple):
    """The places of pieces among all, and what the slow reader will say of them."""

    places: list[int]
    answer: Future[Predictions]


def asks(sure: Array, pieces: Sequence[Piece], below: float | Array) -> NDArray[np.bool_]:
    """Tell of which pieces the slow reader is asked, shape (n,).

    Parameters
    ----------
    sure : ndarray of float32, shape (n,)
        How sure the quick reader is, 0–1.
    pieces : sequence of Piece
    below : float, or ndarray of shape (n,)
        How sure it must be of an empty piece to decide alone.
    """
    lengths = np.array([len(piece.text) for piece in pieces])
    return np.asarray(sure + _A_CHARACTER * np.minimum(lengths, _LONG) < below)


def mix(quick: Array, slow: Array) -> Array:
    """Return the mean of what two readers say, as tables of `Predictions`; of themes with a threshold of its own."""
    table = np.asarray(_QUICK * quick + (1 - _QUICK) * slow)
    return np.hstack([table[:, :_LABELS], at_half(table[:, _LABELS:], _THEMES_FROM)])


def load_tier(name: str, *, cached: bool = False) -> Cascade:
    """Load the tier ``encoder`` or ``fast``.

    Parameters
    ----------
    name : {"encoder", "fast"}
    cached : bool
        Whether what the slow reader says is kept on disk.
    """
    from nps_nlp.classify.cache import with_cache

    quick, encoder = load_fast(), load_encoder()
    slow, beside = (with_cache(c) if cached else c for c in (encoder, encoder.beside()))
    if name == "encoder":
        return Cascade(name, quick, slow)
    return Cascade(name, quick, slow, quick.asks_below, beside)
