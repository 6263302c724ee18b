import pytest

from nps_nlp.classify import load_classifier
from nps_nlp.classify.compare import compare
from nps_nlp.classify.gold import GoldRow
from nps_nlp.classify.peers import PeerUnavailableError

JA = [
    "店員さんがとても親切でした",
    "料金が高すぎる",
    "特になし",
    "待ち時間が長くてつらい",
    "料理がおいしい",
    "説明が丁寧",
]
EN = ["Great staff", "Far too expensive", "The queue was slow", "Lovely food", "It broke twice", "Fine"]


@pytest.fixture(scope="module")
def rows():
    labels = ["positive", "negative", "neutral", "negative", "positive", "positive"]
    made = [
        GoldRow("", text, label, None, frozenset({"price"}), tags=("request",) if label == "negative" else ())
        for text, label in zip(JA + EN, labels * 2, strict=True)
    ]
    return made * 5


@pytest.fixture(scope="module")
def found(rows):
    return compare(rows, load_classifier("fast"))


def test_the_contract_of_evaluate_is_kept(found):
    assert {"n", "model", "sentiment", "intent", "themes"} <= found.keys()
    assert {"accuracy", "macro_f1", "per_class"} <= found["sentiment"].keys()
    assert {"micro_f1", "micro_precision", "micro_recall", "macro_f1", "per_theme"} <= found["themes"].keys()


def test_subsets_hold_their_rows_and_small_ones_are_left_out(rows, found):
    assert {k: v["n"] for k, v in found["subsets"]["language"].items()} == {"ja": 30, "en": 30}
    assert {k: v["n"] for k, v in found["subsets"]["tag"].items()} == {"request": 20}
    assert compare(rows[:9], load_classifier("fast"), baselines=False)["subsets"] == {"language": {}, "tag": {}}


def test_majority_is_the_commonest_label(found):
    majority = found["baselines"][0]
    assert majority["name"] == "majority"
    assert majority["sentiment"]["accuracy"] == 0.5
    assert majority["themes"]["micro_f1"] == 1


def test_tools_are_measured_on_their_language_alone(found):
    assert found["baselines"][1]["name"] == "bag of words"
    tools = {b["name"]: b for b in found["baselines"][2:]}
    assert {name: (b["language"], b["n"]) for name, b in tools.items()} == {
        "oseti": ("ja", 30),
        "asari": ("ja", 30),
        "VADER": ("en", 30),
    }
    assert all(bool(b["note"]) != ("sentiment" in b) for b in tools.values())


def test_a_tool_is_scored_by_what_it_says_and_one_that_does_not_run_is_named(rows, monkeypatch):
    asked = {}

    def read(peer, texts):
        asked[peer.name] = texts
        if peer.name == "asari":
            raise PeerUnavailableError("it is not here")
        return ["negative" if peer.name == "oseti" else "positive"] * len(texts)

    monkeypatch.setattr("nps_nlp.classify.compare.read_with", read)
    tools = {b["name"]: b for b in compare(rows, load_classifier("fast"))["baselines"][2:]}
    assert asked == {"oseti": JA * 5, "asari": JA * 5, "VADER": EN * 5}
    assert tools["oseti"]["sentiment"]["accuracy"] == pytest.approx(2 / 6)
    assert tools["VADER"]["sentiment"]["accuracy"] == pytest.approx(3 / 6)
    assert tools["asari"] == {"name": "asari", "language": "ja", "n": 30, "note": "it is not here"}
