import json
import math
import shutil

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, KFold, cross_val_predict, cross_val_score
from sklearn.utils import estimator_checks

import nps_nlp
from nps_nlp.classify.estimators import SentimentClassifier, ThemeClassifier
from nps_nlp.classify.store import MANIFEST
from nps_nlp.errors import ModelError

GOOD = ["対応が親切でした", "とても親切", "Great staff", "lovely and friendly staff", "親切な説明", "friendly people"]
BAD = ["料金が高い", "高すぎる", "far too expensive", "the price is too high", "値段が高い", "expensive"]
TEXTS = (GOOD + BAD) * 2
SENTIMENT = ["positive"] * 6 + ["negative"] * 6
SENTIMENT += SENTIMENT
THEMES = [["staff"]] * 6 + [["price"]] * 6
THEMES += THEMES
BOTH = pytest.mark.parametrize(
    ("estimator", "y"),
    [(SentimentClassifier(min_count=1), SENTIMENT), (ThemeClassifier(themes=["price", "staff"], min_count=1), THEMES)],
    ids=["sentiment", "themes"],
)
# Every check of scikit-learn's API that makes no numeric X of its own, and check_estimator, which leaves out by the tag
# input_tags.two_d_array = False what does: all others feed tables of numbers, which are no texts. What these would
# check of fitting is checked below with texts: returns self, overwrites an earlier fit, idempotent, changes no
# parameter, subsets and order of rows, lengths, missing y, unfitted.
API_CHECKS = (
    estimator_checks.check_estimator_cloneable,
    estimator_checks.check_estimator_repr,
    estimator_checks.check_no_attributes_set_in_init,
    estimator_checks.check_do_not_raise_errors_in_init_or_set_params,
    estimator_checks.check_mixin_order,
    estimator_checks.check_valid_tag_types,
    estimator_checks.check_estimator_tags_renamed,
    estimator_checks.check_parameters_default_constructible,
    estimator_checks.check_get_params_invariance,
    estimator_checks.check_set_params,
)


@BOTH
@pytest.mark.parametrize("check", API_CHECKS, ids=lambda check: check.__name__)
def test_checks_of_scikit_learn(estimator, y, check):
    check(type(estimator).__name__, clone(estimator))


@BOTH
@pytest.mark.filterwarnings("ignore:Can't test estimator")
def test_check_estimator_leaves_out_only_what_needs_numbers(estimator, y):
    done = estimator_checks.check_estimator(clone(estimator), on_skip=None)
    assert {d["status"] for d in done} <= {"passed", "skipped"}
    assert not clone(estimator).__sklearn_tags__().input_tags.two_d_array


@BOTH
def test_a_fit_returns_itself_and_forgets_the_last_one(estimator, y):
    once, twice = clone(estimator), clone(estimator)
    assert once.fit(TEXTS, y) is once
    twice.fit(["nonsense", "words", "here"] * 4, y[4:8] * 3).fit(TEXTS, y)
    assert (once.predict_proba(TEXTS) == twice.predict_proba(TEXTS)).all()
    assert once.get_params() == clone(estimator).get_params()


@BOTH
def test_a_row_is_predicted_alike_in_any_company(estimator, y):
    fitted = clone(estimator).fit(TEXTS, y)
    whole, order = fitted.predict_proba(TEXTS), [7, 2, 11, 0]
    np.testing.assert_allclose(fitted.predict_proba([TEXTS[i] for i in order]), whole[order], rtol=1e-6)
    assert fitted.predict_proba([]).shape == (0, 2)


@BOTH
def test_prediction_before_fit_and_wrong_input(estimator, y):
    with pytest.raises(NotFittedError):
        clone(estimator).predict(TEXTS)
    for texts, labels, words in (
        (TEXTS[:3], y, "3 texts"),
        ([1.5, 2.5] * 12, y, "row 0"),
        (np.ones((24, 5)), y, "row 0"),
        ("one text", y, "single text"),
        (TEXTS, None, "requires y"),
    ):
        with pytest.raises(ValueError, match=words):
            clone(estimator).fit(texts, labels)
    with pytest.raises(ValueError, match="sample_weight has 2"):
        clone(estimator).fit(TEXTS, y, sample_weight=[1, 2])


@BOTH
def test_rows_without_a_label_teach_nothing(estimator, y):
    fitted = clone(estimator).fit(TEXTS, y)
    holes = clone(estimator).fit(TEXTS + ["料金は親切"] * 9, [*y, *[None] * 9])
    np.testing.assert_array_equal(fitted.predict(TEXTS), holes.predict(TEXTS))
    assert clone(estimator).fit(TEXTS, y).score([*TEXTS, "x"], [*y, None]) == 1


@BOTH
def test_weight_nought_silences_wrong_labels(estimator, y):
    wrong = y[12:] + y[:12]
    swapped = y[6:12] + y[:6]
    fitted = clone(estimator).fit(TEXTS, [*wrong[:12], *swapped], sample_weight=[1.0] * 12 + [0.0] * 12)
    assert fitted.score(TEXTS[:12], y[:12]) == 1


@BOTH
def test_whatever_holds_texts_will_do(estimator, y):
    plain = clone(estimator).fit(TEXTS, y).predict_proba(TEXTS)
    for texts in (tuple(TEXTS), np.array(TEXTS), np.array(TEXTS, dtype=object), pd.Series(TEXTS, index=range(50, 74))):
        assert (clone(estimator).fit(texts, y).predict_proba(texts) == plain).all()
    table = pd.DataFrame({"question": "理由", "text": TEXTS})
    asked = clone(estimator).fit(table, y)
    assert (asked.predict_proba(table) == asked.predict_proba([("理由", t) for t in TEXTS])).all()


@BOTH
def test_cross_validation_and_search(estimator, y):
    found = cross_val_predict(clone(estimator), TEXTS, y, cv=KFold(4))
    assert len(found) == len(TEXTS)
    search = GridSearchCV(clone(estimator), {"C": [1.0, 10.0]}, cv=KFold(4)).fit(TEXTS, y)
    assert search.best_score_ > 0.5
    assert (cross_val_score(clone(estimator), TEXTS, y, cv=KFold(4)) > 0.5).all()


@BOTH
def test_a_saved_estimator_is_the_same(estimator, y, tmp_path):
    fitted = clone(estimator).set_params(C=3.0).fit(TEXTS, y)
    fitted.save(tmp_path / "own")
    loaded = type(estimator).load(tmp_path / "own")
    assert loaded.get_params() == fitted.get_params()
    assert loaded.classes_.tolist() == fitted.classes_.tolist()
    assert (loaded.predict_proba(TEXTS) == fitted.predict_proba(TEXTS)).all()
    assert {p.suffix for p in (tmp_path / "own").iterdir()} == {".json", ".safetensors", ".txt"}
    other = ThemeClassifier if isinstance(estimator, SentimentClassifier) else SentimentClassifier
    with pytest.raises(ModelError, match=f"not a {other.__name__}"):
        other.load(tmp_path / "own")
    shutil.copy(tmp_path / "own" / "vocabulary.txt", tmp_path / "own" / "weights.safetensors")
    with pytest.raises(ModelError, match="SHA-256 differs"):
        type(estimator).load(tmp_path / "own")


def test_probabilities_of_sentiments_sum_to_one_and_classes_are_sorted():
    fitted = SentimentClassifier(min_count=1).fit(TEXTS, SENTIMENT)
    assert fitted.classes_.tolist() == ["negative", "positive"]
    np.testing.assert_allclose(fitted.predict_proba(TEXTS).sum(axis=1), 1)


@pytest.mark.parametrize("unknown", [None, math.nan, pd.NA, np.nan])
def test_everything_that_means_unknown(unknown):
    y = pd.Series([*SENTIMENT[:-1], unknown], dtype=object)
    assert SentimentClassifier().fit(TEXTS, y).classes_.tolist() == ["negative", "positive"]
    assert math.isnan(SentimentClassifier().fit(TEXTS, y).score(["x"], [unknown]))


def test_one_class_is_too_few():
    with pytest.raises(ValueError, match="at least two"):
        SentimentClassifier().fit(TEXTS, ["positive"] * 24)


def test_themes_as_a_table_with_holes():
    table = pd.DataFrame({"price": [0.0] * 6 + [1.0] * 6, "staff": [1.0] * 6 + [0.0] * 6})
    table = pd.concat([table, table], ignore_index=True)
    plain = ThemeClassifier(min_count=1).fit(TEXTS, table)
    assert plain.classes_.tolist() == ["price", "staff"]
    assert (plain.predict(TEXTS) == table.to_numpy()).all()
    table.loc[:3, "price"] = np.nan
    fitted = ThemeClassifier(min_count=1).fit(TEXTS, table)
    # The other theme of these rows is known and learnt as before.
    assert (fitted.predict_proba(TEXTS)[:, 1] == plain.predict_proba(TEXTS)[:, 1]).all()
    assert (fitted.predict_proba(TEXTS)[:, 0] != plain.predict_proba(TEXTS)[:, 0]).any()
    assert ThemeClassifier().fit(TEXTS, table.to_numpy()).classes_.tolist() == [0, 1]


def test_themes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="themes staff, which the parameter"):
        ThemeClassifier(themes=["price"]).fit(TEXTS, THEMES)
    with pytest.raises(ValueError, match="expected the themes"):
        ThemeClassifier(themes=["price"]).fit(TEXTS, pd.DataFrame({"staff": [1] * 24}))
    with pytest.raises(ValueError, match="other numbers"):
        ThemeClassifier().fit(TEXTS, np.full((24, 2), 0.5))


def test_a_theme_without_cases_is_never_given():
    fitted = ThemeClassifier(themes=["price", "staff", "food"]).fit(TEXTS, THEMES)
    assert fitted.predict_proba(TEXTS)[:, 2].max() < 1e-6


def test_they_are_public_and_loaded_when_asked_for():
    assert nps_nlp.ThemeClassifier is ThemeClassifier
    assert nps_nlp.SentimentClassifier is SentimentClassifier


def test_a_theme_on_every_known_text_is_given():
    """Nothing tells it from anything; the other themes are learnt as ever."""
    y = pd.DataFrame({"price": [1.0, np.nan] * 12, "staff": [float("staff" in t) for t in THEMES]})
    fitted = ThemeClassifier(themes=["price", "staff"], min_count=1).fit(TEXTS, y)
    assert fitted.predict(["とても親切", "値段が高い"]).tolist() == [[1, 1], [1, 0]]


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (["price"] * 24, r"expected a collection of themes, as \['price'\]"),
        ([None] * 24, "names no theme"),
        ([[]] * 24, "names no theme"),
        (pd.DataFrame(np.ones((24, 2)), columns=["price", "price"]), "one twice"),
    ],
)
def test_labels_that_are_no_themes_are_refused(y, message):
    with pytest.raises(ValueError, match=message):
        ThemeClassifier().fit(TEXTS, y)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (["good", "good", "bad", "bad", *[None] * 20], "no class with 3 texts"),
        ([1, "bad"] * 12, "both names and numbers"),
    ],
)
def test_classes_that_cannot_be_learnt_are_refused(y, message):
    with pytest.raises(ValueError, match=message):
        SentimentClassifier().fit(TEXTS, y)


@BOTH
def test_nothing_is_learnt_from_weights_and_counts_that_make_no_sense(estimator, y):
    for weight in (-1, np.nan, np.inf):
        with pytest.raises(ValueError, match="sample_weight has entries"):
            clone(estimator).fit(TEXTS, y, sample_weight=[weight] * len(TEXTS))
    with pytest.raises(ValueError, match="lower min_count"):
        clone(estimator).set_params(min_count=99).fit(TEXTS, y)


def test_parameters_of_numpy_are_saved(tmp_path):
    for themes in (np.array(["price", "staff"]), pd.Index(["price", "staff"])):
        ThemeClassifier(themes=themes, C=np.float64(2), min_count=np.int64(1)).fit(TEXTS, THEMES).save(tmp_path)
        loaded = ThemeClassifier.load(tmp_path)
        assert loaded.get_params() == {"C": 2.0, "min_count": 1, "themes": ["price", "staff"], "threshold": 0.5}


def test_a_manifest_that_does_not_fit_its_files_is_refused(tmp_path):
    SentimentClassifier(min_count=1).fit(TEXTS, SENTIMENT).save(tmp_path)
    whole = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
    for change in ({"parameters": {"D": 1}}, {"parameters": None}):
        (tmp_path / MANIFEST).write_text(json.dumps(whole | change), "utf-8")
        with pytest.raises(ModelError, match="do not fit together"):
            SentimentClassifier.load(tmp_path)
