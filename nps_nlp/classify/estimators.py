"""scikit-learn estimators over the features of the ``fast`` tier, for labels of your own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from nps_nlp.classify.features import features
from nps_nlp.classify.linear import LinearModel
from nps_nlp.classify.logistic import fit_output
from nps_nlp.classify.logits import sigmoid
from nps_nlp.classify.store import load_arrays, save_arrays, verified_files, write_manifest
from nps_nlp.classify.train import unevenness, untrained
from nps_nlp.errors import ModelError
from nps_nlp.language import read_comment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FORMAT = 2
_MIN_CASES = 3
_WEIGHTS, _VOCABULARY = "weights.safetensors", "vocabulary.txt"


class _TextClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """What both estimators share: texts to features, one logistic regression a class, saving and loading."""

    C: float
    min_count: int
    classes_: NDArray[Any]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        return tags

    def _fit(self, X: Any, targets: NDArray[np.bool_], known: NDArray[np.bool_], sample_weight: Any) -> None:
        """Fit a regression a column of `targets`, on the rows where it is known."""
        documents = _documents(X)
        weight = np.ones(len(documents)) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        for name, found in (("y", len(targets)), ("sample_weight", len(weight))):
            if found != len(documents):
                raise ValueError(f"X has {len(documents)} texts, {name} has {found} entries; expected as many.")
        if not (np.isfinite(weight) & (weight >= 0)).all():
            raise ValueError("sample_weight has entries that are negative, infinite or NaN; expected 0 or more.")
        model = untrained(documents, targets.shape[1], self.min_count)
        if not model.vocabulary:
            raise ValueError(f"X has {len(documents)} texts, no word of which is in {self.min_count}; lower min_count.")
        x = model.matrix(documents).astype(np.float64)
        present = x.sign()
        model.bias[:] = -20
        for column in range(targets.shape[1]):
            rows = np.flatnonzero(known[:, column] & (weight > 0))
            y, by = targets[rows, column].astype(np.float64), weight[rows]
            if y.sum() >= _MIN_CASES:
                scale = unevenness(present[rows], y * by, (1 - y) * by)
                model.weights[:, column], model.bias[column] = fit_output(x[rows], y, by, scale, self.C)
        self.model_ = model

    def _odds(self, X: Any) -> NDArray[np.float64]:
        check_is_fitted(self, "model_")
        logits = self.model_.matrix(_documents(X)) @ self.model_.weights + self.model_.bias
        return sigmoid(np.asarray(logits, dtype=np.float64))

    def save(self, folder: str | Path) -> None:
        """Write the fitted estimator into a folder: safetensors, text, and a manifest with their SHA-256; no pickle."""
        check_is_fitted(self, "model_")
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        model = self.model_
        # Searches and tables set parameters as arrays and numbers of numpy, which are no JSON.
        parameters = {k: v.tolist() if hasattr(v, "tolist") else v for k, v in self.get_params().items()}
        save_arrays(folder / _WEIGHTS, model.arrays())
        (folder / _VOCABULARY).write_text("\n".join(model.vocabulary), "utf-8", newline="\n")
        settings = {"format": FORMAT, "tier": type(self).__name__, "classes": self.classes_.tolist()}
        write_manifest(folder, {**settings, "parameters": parameters}, [_WEIGHTS, _VOCABULARY])

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Read an estimator that `save` wrote, after comparing every file with its SHA-256.

        Raises
        ------
        ModelError
            When the folder holds another estimator, or a file is missing or damaged.
        """
        files, settings = verified_files(Path(folder))
        if (settings.get("tier"), settings.get("format")) != (cls.__name__, FORMAT):
            raise ModelError(f"{folder}: holds {settings.get('tier')!r}, not a {cls.__name__} of format {FORMAT}.")
        try:
            found = cls(**settings["parameters"])
            found.classes_ = np.array(settings["classes"])
            names = files[_VOCABULARY].read_text("utf-8").split("\n")
            found.model_ = LinearModel({name: i for i, name in enumerate(names)}, **load_arrays(files[_WEIGHTS]))
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{folder}: manifest and files do not fit together ({error}); save it again.") from error
        return found


class SentimentClassifier(_TextClassifier):
    """A classifier of texts into one class each, over the words, n-grams and lexicon that the ``fast`` tier reads.

    The classes may be any: the four sentiments, intents, or your own.

    Parameters
    ----------
    C : float
        Inverse strength of the regularisation.
    min_count : int
        In how many texts a feature must occur to be learnt.

    Attributes
    ----------
    classes_ : ndarray of shape (k,)
        The classes that occur, sorted. One with fewer than three cases is never predicted.

    Examples
    --------
    >>> texts = ["対応が親切でした", "とても親切", "親切な説明", "料金が高い", "高すぎる", "少し高い"]
    >>> classifier = SentimentClassifier(min_count=1).fit(texts, ["good"] * 3 + ["bad"] * 3)
    >>> classifier.predict(["店員さんが親切", "値段が高い"]).tolist()
    ['good', 'bad']
    """

    def __init__(self, *, C: float = 20.0, min_count: int = 2) -> None:
        self.C = C
        self.min_count = min_count

    def fit(self, X: Any, y: Sequence[Any], sample_weight: Any = None) -> Self:
        """Learn from labelled texts.

        Parameters
        ----------
        X : sequence of str of length n, or table of shape (n, 2)
            Texts in any language; of a table the columns are question and text.
        y : sequence of length n
            The class of each text; None, NaN or NA where it is unknown, which leaves the row out.
        sample_weight : array-like of shape (n,), optional
            How much each text counts in the regressions.

        Returns
        -------
        SentimentClassifier
            Itself.

        Raises
        ------
        ValueError
            When lengths differ, fewer than two classes occur, none of them in three texts, or names and numbers are
            mixed.
        """
        labels = _labels(y)
        known = np.array([label is not None for label in labels], dtype=bool)
        cases = Counter(label for label in labels if label is not None)
        if len({isinstance(label, str) for label in cases}) > 1:
            raise ValueError("y has both names and numbers as classes; expected one kind.")
        if len(cases) > 1 and max(cases.values()) < _MIN_CASES:
            raise ValueError(f"y has no class with {_MIN_CASES} texts, too few to learn from; label more.")
        self.classes_ = np.unique(list(cases))
        if len(self.classes_) < 2:
            raise ValueError(f"y has {len(self.classes_)} class(es); expected at least two among the known labels.")
        targets = np.array([[label == c for c in self.classes_] for label in labels], dtype=bool)
        self._fit(X, targets, np.repeat(known[:, None], len(self.classes_), axis=1), sample_weight)
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the probability of each class, shape (n, k), columns as in ``classes_``; rows sum to 1."""
        odds = self._odds(X)
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the likeliest class of each text, shape (n,)."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[likeliest])

    def score(self, X: Any, y: Sequence[Any], sample_weight: Any = None) -> float:
        """Return the accuracy over the rows whose label is known; NaN where none is."""
        labels = _labels(y)
        right = [float(a == b) for a, b in zip(self.predict(X).tolist(), labels, strict=True)]
        weight = np.array([label is not None for label in labels], dtype=float)
        weight *= 1.0 if sample_weight is None else np.asarray(sample_weight, dtype=float)
        return float(np.average(right, weights=weight)) if weight.sum() else float("nan")


class ThemeClassifier(_TextClassifier):
    """A classifier of texts into any number of themes each, over the features of the ``fast`` tier.

    Parameters
    ----------
    themes : sequence of str, optional
        The themes, in the order of the columns; without it those that occur in `y`. Give it where parts of the data
        are fitted, as in cross-validation: a part may lack a theme.
    threshold : float
        Probability from which on a theme is given.
    C : float
        Inverse strength of the regularisation.
    min_count : int
        In how many texts a feature must occur to be learnt.

    Attributes
    ----------
    classes_ : ndarray of shape (k,)
        The themes. One with fewer than three cases is never predicted.

    Examples
    --------
    >>> from sklearn.model_selection import KFold, cross_val_predict
    >>> texts = ["料金が高い", "対応が親切", "高いが親切な対応", "料金は高い", "親切だった", "高い料金"] * 3
    >>> themes = [["price"], ["staff"], ["price", "staff"], ["price"], None, ["price"]] * 3
    >>> classifier = ThemeClassifier(themes=["price", "staff"], min_count=1)
    >>> cross_val_predict(classifier, texts, themes, cv=KFold(3))[:3].tolist()
    [[1, 0], [0, 1], [1, 1]]
    """

    def __init__(
        self,
        *,
        themes: Sequence[str] | None = None,
        threshold: float = 0.5,
        C: float = 40.0,
        min_count: int = 2,
    ) -> None:
        self.themes = themes
        self.threshold = threshold
        self.C = C
        self.min_count = min_count

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label, tags.target_tags.multi_output = True, True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn from labelled texts.

        Parameters
        ----------
        X : sequence of str of length n, or table of shape (n, 2)
            Texts in any language; of a table the columns are question and text.
        y : sequence of collections of str, or table of 0 and 1 of shape (n, k)
            The themes of each text, or None where they are unknown; or a column a theme (a DataFrame names them), NaN
            where it is unknown whether the text is about it.
        sample_weight : array-like of shape (n,), optional
            How much each text counts in the regressions.

        Returns
        -------
        ThemeClassifier
            Itself.

        Raises
        ------
        ValueError
            When lengths differ, `y` is no table and no collections of themes, it names no theme, or it has other
            themes than the parameter ``themes``.
        """
        names, table = _indicators(y, self.themes)
        if not names:
            raise ValueError("y names no theme; give the parameter themes, or label texts with theirs.")
        self.classes_ = np.array(names)
        self._fit(X, table == 1, ~np.isnan(table), sample_weight)
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the probability of each theme by itself, shape (n, k), columns as in ``classes_``."""
        return self._odds(X)

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Return 1 where a theme is given, shape (n, k), columns as in ``classes_``."""
        return (self._odds(X) >= self.threshold).astype(np.int64)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return micro-F1 over the known cells; 0 where there is nothing to find and nothing found."""
        check_is_fitted(self, "model_")
        _, table = _indicators(y, self.classes_.tolist())
        known = ~np.isnan(table)
        if sample_weight is not None:
            known = known * np.asarray(sample_weight, dtype=float)[:, None]
        given, real = self.predict(X) == 1, table == 1
        both = float((given * known).sum() + (real * known).sum())
        return 2 * float(((given & real) * known).sum()) / both if both else 0.0


def _documents(X: Any) -> list[list[str]]:
    """Return the features of texts, or of a table of questions and texts."""
    if isinstance(X, str):
        raise ValueError("X is a single text; expected a sequence of texts.")  # noqa: TRY004 - scikit-learn's way
    rows = X.to_numpy() if hasattr(X, "to_numpy") else X
    pairs = [("", row) if isinstance(row, str) else tuple(row) if np.ndim(row) == 1 else (row,) for row in rows]
    for number, pair in enumerate(pairs):
        if len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            raise ValueError(f"X, row {number}: {rows[number]!r} is neither a text nor a question and a text.")
    out = []
    for question, text in pairs:
        comment = read_comment(text)
        out.append(features(comment.normalised.text, comment.tokens, comment.language, question))
    return out


def _labels(y: Any) -> list[Any]:
    """Return labels with None for everything that means unknown."""
    if y is None:
        raise ValueError("y is None; this classifier requires y to be passed: one label a text.")
    plain = y.tolist() if hasattr(y, "tolist") else list(y)
    return [None if label is None or (np.ndim(label) == 0 and pd.isna(label)) else label for label in plain]


def _indicators(y: Any, themes: Sequence[Any] | None) -> tuple[list[Any], NDArray[np.float64]]:
    """Return the themes and a table of 1, 0 and NaN (unknown)."""
    names: list[Any]
    if isinstance(y, pd.DataFrame):
        names, table = [*y.columns], y.to_numpy(dtype=np.float64, na_value=np.nan)
    elif isinstance(y, np.ndarray) and y.ndim == 2:
        table = y.astype(np.float64)
        names = [*range(table.shape[1])] if themes is None else [*themes]
    else:
        rows = _labels(y)
        single = next((row for row in rows if isinstance(row, str)), None)
        if single is not None:
            raise ValueError(f"y has {single!r} for a text; expected a collection of themes, as [{single!r}].")
        names = sorted({theme for row in rows for theme in row or ()}) if themes is None else list(themes)
        strange = sorted({str(theme) for row in rows for theme in row or ()} - {str(name) for name in names})
        if strange:
            raise ValueError(f"y has the themes {', '.join(strange)}, which the parameter themes lacks.")
        table = np.array([[np.nan if row is None else theme in row for theme in names] for row in rows], dtype=float)
        table = table.reshape(len(rows), len(names))
    if len(set(names)) < len(names):
        raise ValueError(f"The themes {names} name one twice; expected each once.")
    if table.shape[1] != len(names) or (themes is not None and names != list(themes)):
        raise ValueError(f"y has the columns {names}; expected the themes {list(themes or names)}.")
    if not np.isin(table[~np.isnan(table)], (0, 1)).all():
        raise ValueError("y has other numbers than 0, 1 and NaN; expected 1 where a text is about the theme.")
    return names, table
