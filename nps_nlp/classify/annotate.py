"""Turn the comments of a Survey into annotated statements, each different question–answer pair once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nps_nlp.classify.keywords import KeywordMatcher
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.protocol import Piece
from nps_nlp.classify.terms import shown_terms
from nps_nlp.intake.answers import is_filler
from nps_nlp.language import Comment, read_comment
from nps_nlp.language.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nps_nlp.classify.protocol import Classifier, Predictions
    from nps_nlp.classify.taxonomy import Taxonomy
    from nps_nlp.survey import Survey

_BATCH = 8_192
_REMEMBERED = 500_000


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
        self._wanted = np.array([t in taxonomy for t in classifier.theme_ids])
        own = [t for t in taxonomy.themes if t.id not in classifier.theme_ids]
        self._keywords = {
            language: KeywordMatcher({t.id: t.keywords(language) for t in own}, at_words=language == "en") for language in ("ja", "en") if own
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

    def _learn(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Classify the pairs that were not seen before."""
        wanted = dict.fromkeys(pairs)
        if len(self._remembered) > _REMEMBERED:
            self._remembered = {p: self._remembered[p] for p in wanted if p in self._remembered}
        new = [p for p in wanted if p not in self._remembered]
        for batch in (new[i : i + _BATCH] for i in range(0, len(new), _BATCH)):
            self._remembered.update(zip(batch, self._read(batch), strict=True))

    def _read(self, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[Statement, ...]]:
        comments = [read_comment(text) for _, text in pairs]
        # The whole comment is classified for what it is about, its statements (where there are several) for the
        # polarity of each theme: 価格は高いがサポートは最高.
        pieces: list[Piece] = []
        for (question, _), comment in zip(pairs, comments, strict=True):
            pieces.append(_piece(comment, 0, len(comment.normalised.text), question))
            if len(comment.statements) > 1:
                pieces.extend(_piece(comment, a, b, question) for a, b in comment.statements)
        predicted = self.classifier.predict(pieces)
        at = 0
        for comment in comments:
            parts = len(comment.statements) if len(comment.statements) > 1 else 0
            yield tuple(self._statements(comment, predicted, at, parts))
            at += 1 + parts

    def _statements(self, comment: Comment, predicted: Predictions, at: int, parts: int) -> Iterator[Statement]:
        spans = comment.statements or ((0, len(comment.normalised.text)),)
        rows = range(at + 1, at + 1 + parts) if parts else range(at, at + 1)
        shares = self._share_out(predicted.themes, at, rows)
        for (start, end), row, themes in zip(spans, rows, shares, strict=True):
            words = comment.words(start, end)
            named = [*themes, *self._by_keyword(comment, start, end, words)]
            sentiment = int(predicted.sentiment[row].argmax())
            left, right = comment.normalised.span(start, end)
            yield Statement(
                left,
                right,
                comment.language,
                SENTIMENTS[sentiment],
                round(float(predicted.sentiment[row, sentiment]), 4),
                INTENTS[int(predicted.intent[row].argmax())],
                tuple(t for t, _ in named),
                tuple(c for _, c in named),
                shown_terms(words, comment.language),
            )

    def _share_out(self, themes: np.ndarray, whole: int, rows: range) -> list[list[tuple[str, float]]]:  # type: ignore[type-arg]
        """Give each theme of the comment to the statements that speak of it, at least to the likeliest one."""
        shares: list[list[tuple[str, float]]] = [[] for _ in rows]
        for theme in np.flatnonzero((themes[whole] >= 0.5) & self._wanted):
            column = themes[rows.start : rows.stop, theme]
            speaking = np.flatnonzero(column >= 0.5)
            for place in speaking if len(speaking) else [int(column.argmax())]:
                shares[place].append((self.classifier.theme_ids[theme], round(float(max(column[place], 0.5)), 4)))
        return [sorted(s, key=lambda pair: (-pair[1], pair[0])) for s in shares]

    def _by_keyword(self, comment: Comment, start: int, end: int, words: Sequence[Token]) -> list[tuple[str, float]]:
        matcher = self._keywords.get("ja" if comment.language == "ja" else "en")
        if matcher is None:
            return []
        moved = [Token(t.start - start, t.morph) for t in words]
        return [(theme, 1.0) for theme in dict.fromkeys(t for t, _, _ in matcher.find(comment.normalised.text[start:end].lower(), moved))]


def _piece(comment: Comment, start: int, end: int, question: str) -> Piece:
    words = comment.words(start, end)
    tokens = [Token(t.start - start, t.morph) for t in words] if start else words
    return Piece(comment.normalised.text[start:end], tokens, comment.language, question)
