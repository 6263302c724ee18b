"""Turn the comments of a Survey into annotated statements, each different question–answer pair once."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nps_nlp.classify.features import model_language
from nps_nlp.classify.keywords import KeywordMatcher
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.protocol import Piece
from nps_nlp.classify.terms import shown_terms
from nps_nlp.intake.answers import is_filler
from nps_nlp.language import Comment, read_comment
from nps_nlp.language.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from nps_nlp.classify.protocol import Classifier, Predictions
    from nps_nlp.classify.taxonomy import Taxonomy
    from nps_nlp.survey import Survey

_BATCH = 8_192
_REMEMBERED = 500_000
_PRAISE, _BLAME = SENTIMENTS.index("positive"), SENTIMENTS.index("negative")


class Statement(NamedTuple):
    """One opinion of a comment.

    Attributes
    ----------
    start, end : int
        Character span in the original comment: the evidence.
    language : {"ja", "en", "other"}
    sentiment, intent : str
    sentiment_confidence : float
        Probability of the sentiment, 0–1.
    themes : tuple of str
        Theme ids, most confident first.
    theme_confidence : tuple of float
        Confidence of each theme, 0–1; 0.5 is the threshold.
    terms : tuple of str
        The words of the statement that carry meaning, in the form that a reader would write.
    """

    start: int
    end: int
    language: str
    sentiment: str
    sentiment_confidence: float
    intent: str
    themes: tuple[str, ...]
    theme_confidence: tuple[float, ...]
    terms: tuple[str, ...]


class Answer(NamedTuple):
    """One free-text answer of one respondent, with its statements.

    ``respondent`` is the position of the respondent in the Survey.
    """

    respondent: int
    question: str
    text: str
    statements: tuple[Statement, ...]


class Reading(NamedTuple):
    """A comment as a whole, and its statements.

    Attributes
    ----------
    language : {"ja", "en", "other"}
    sentiment, intent : str
    sentiment_confidence, intent_confidence : float
        Probability of the label, 0–1.
    themes : dict of str to float
        Theme ids of the whole comment with their confidence, most confident first; 0.5 is the threshold.
    statements : tuple of Statement
    """

    language: str
    sentiment: str
    sentiment_confidence: float
    intent: str
    intent_confidence: float
    themes: dict[str, float]
    statements: tuple[Statement, ...]


class Annotator:
    """Annotates comments with a classifier and a taxonomy; remembers what it has read.

    Parameters
    ----------
    classifier : Classifier
    taxonomy : Taxonomy
        Themes that the classifier does not know are found by their keywords.
    """

    def __init__(self, classifier: Classifier, taxonomy: Taxonomy) -> None:
        self.classifier = classifier
        self.taxonomy = taxonomy
        self._wanted = np.array([t in taxonomy for t in classifier.theme_ids], dtype=bool)
        own = [t for t in taxonomy.themes if t.id not in classifier.theme_ids]
        self._keywords = {
            language: KeywordMatcher({t.id: t.keywords(language) for t in own}, at_words=language == "en")
            for language in ("ja", "en")
            if own
        }
        self._remembered: dict[tuple[str, str], tuple[Statement, ...]] = {}

    def annotate(self, survey: Survey) -> list[Answer]:
        """Annotate every answer of a Survey that is not a filler.

        Returns
        -------
        list of Answer
            In the order of respondents, then of columns.
        """
        asked = [(c, survey.columns.question(c)) for c in survey.comments.columns]
        cells = [(heading, question, survey.comments[heading].tolist()) for heading, question in asked]
        found = [
            (respondent, heading, question, texts[respondent])
            for respondent in range(len(survey))
            for heading, question, texts in cells
            if texts[respondent] and not is_filler(texts[respondent])
        ]
        self._learn((question, text) for _, _, question, text in found)
        return [Answer(r, heading, text, self._remembered[question, text]) for r, heading, question, text in found]

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """Read (question, text) pairs as wholes too; nothing of them is remembered.

        Parameters
        ----------
        pairs : sequence of (str, str)
            An empty question is one that is not known.

        Returns
        -------
        list of Reading
        """
        comments, read, found = self._classified(pairs)
        labels = self._labels(found)
        starts = [0, *accumulate(map(len, read))]
        return [
            self._reading(comment, pieces, found, labels, at)
            for comment, pieces, at in zip(comments, read, starts, strict=False)
        ]

    def _reading(
        self, comment: Comment, pieces: Sequence[Piece], found: Predictions, labels: _Labels, at: int
    ) -> Reading:
        statements = tuple(self._statements(comment, pieces, labels, at))
        # Themes of the whole, and those that keywords alone find, which the statements name.
        themes = {t: c for s in statements for t, c in zip(s.themes, s.theme_confidence, strict=True)}
        themes |= {
            self.classifier.theme_ids[t]: round(float(found.themes[at, t]), 4) for t in labels.themes.get(at, ())
        }
        return Reading(
            comment.language,
            SENTIMENTS[labels.sentiment[at]],
            round(labels.sure[at], 4),
            INTENTS[labels.intent[at]],
            round(float(found.intent[at].max()), 4),
            dict(sorted(themes.items(), key=lambda pair: (-pair[1], pair[0]))),
            statements,
        )

    def _learn(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Classify the pairs that were not seen before."""
        wanted = dict.fromkeys(pairs)
        if len(self._remembered) > _REMEMBERED:
            self._remembered = {p: self._remembered[p] for p in wanted if p in self._remembered}
        new = [p for p in wanted if p not in self._remembered]
        for batch in (new[i : i + _BATCH] for i in range(0, len(new), _BATCH)):
            self._remembered.update(zip(batch, self._read(batch), strict=True))

    def _read(self, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[Statement, ...]]:
        comments, read, found = self._classified(pairs)
        labels = self._labels(found)
        at = 0
        for comment, pieces in zip(comments, read, strict=True):
            yield tuple(self._statements(comment, pieces, labels, at))
            at += len(pieces)

    def _classified(self, pairs: Sequence[tuple[str, str]]) -> tuple[list[Comment], list[list[Piece]], Predictions]:
        comments: list[Comment] = []
        read: list[list[Piece]] = []

        def pieces() -> Iterator[Piece]:
            for question, text in pairs:
                comments.append(read_comment(text))
                read.append(pieces_of(comments[-1], question))
                yield from read[-1]

        # One by one: the classifier may work on some while the next ones are read.
        found = self.classifier.predict(pieces())
        return comments, read, found

    def _labels(self, predicted: Predictions) -> _Labels:
        """Decide the labels of all pieces at once."""
        rows, themes = np.nonzero((predicted.themes >= 0.5) & self._wanted)
        given: dict[int, list[int]] = {}
        for row, theme in zip(rows.tolist(), themes.tolist(), strict=True):
            given.setdefault(row, []).append(theme)
        sentiment = predicted.sentiment.argmax(axis=1)
        sure = predicted.sentiment[np.arange(len(sentiment)), sentiment]
        return _Labels(
            sentiment.tolist(), sure.tolist(), predicted.intent.argmax(axis=1).tolist(), given, predicted.themes
        )

    def _statements(self, comment: Comment, pieces: Sequence[Piece], labels: _Labels, at: int) -> Iterator[Statement]:
        spans = comment.statements if len(pieces) > 1 else (comment.statements or ((0, len(comment.normalised.text)),))
        first = at + (len(pieces) > 1)
        shares = self._share_out(labels, at, first, len(spans))
        for row, ((start, end), piece, themes) in enumerate(
            zip(spans, pieces[first - at :], shares, strict=True), start=first
        ):
            named = themes + self._by_keyword(piece) if self._keywords else themes
            left, right = comment.normalised.span(start, end)
            yield Statement(
                left,
                right,
                comment.language,
                SENTIMENTS[labels.sentiment[row]],
                round(labels.sure[row], 4),
                INTENTS[labels.intent[row]],
                tuple(t for t, _ in named),
                tuple(c for _, c in named),
                shown_terms(piece.tokens, comment.language),
            )

    def _share_out(self, labels: _Labels, whole: int, first: int, count: int) -> list[list[tuple[str, float]]]:
        """Give each theme of the comment to the likeliest statement, and to the others that speak of it.

        One of the opposite sentiment must speak of it above all: a theme that spills over to its neighbour would take
        the neighbour's polarity.
        """
        shares: list[list[tuple[str, float]]] = [[] for _ in range(count)]
        confidence = labels.confidence[first : first + count]
        moods = labels.sentiment[first : first + count]
        for theme in labels.themes.get(whole, ()):
            column = confidence[:, theme].tolist()
            best = column.index(max(column))
            for place, sure in enumerate(column):
                opposed = {moods[place], moods[best]} == {_PRAISE, _BLAME}
                speaks = sure >= 0.5 and not (opposed and confidence[place].argmax() != theme)
                if place == best or speaks:
                    shares[place].append((self.classifier.theme_ids[theme], round(max(sure, 0.5), 4)))
        return [sorted(s, key=lambda pair: (-pair[1], pair[0])) for s in shares]

    def _by_keyword(self, piece: Piece) -> list[tuple[str, float]]:
        found = self._keywords[model_language(piece.language)].find(piece.text, piece.tokens)
        return [(theme, 1.0) for theme in dict.fromkeys(label for label, _, _ in found)]


class _Labels(NamedTuple):
    """What a batch of pieces was called: lists over its rows, the themes by row, and the confidence of every theme."""

    sentiment: list[int]
    sure: list[float]
    intent: list[int]
    themes: dict[int, list[int]]
    confidence: NDArray[np.float32]


def pieces_of(comment: Comment, question: str) -> list[Piece]:
    """Return what a classifier reads of a comment: the whole, and each statement where there are several.

    The whole is classified for what it is about, its statements for the polarity of each theme:
    価格は高いがサポートは最高.
    """
    pieces = [whole_piece(comment, question)]
    if len(comment.statements) > 1:
        pieces.extend(_piece(comment, start, end, question) for start, end in comment.statements)
    return pieces


def whole_piece(comment: Comment, question: str) -> Piece:
    """Return the comment as a whole, as a classifier reads it."""
    return Piece(comment.normalised.text, comment.tokens, comment.language, question)


def _piece(comment: Comment, start: int, end: int, question: str) -> Piece:
    words = comment.words(start, end)
    tokens = [Token(t.start - start, t.morph) for t in words] if start else words
    return Piece(comment.normalised.text[start:end], tokens, comment.language, question)
