"""The huggingface: tier, with tiny checkpoints made here; nothing is downloaded."""

import json
import logging

import numpy as np
import pytest

from nps_nlp.classify import load_classifier
from nps_nlp.classify.annotate import pieces_of
from nps_nlp.classify.checkpoint import find_checkpoint
from nps_nlp.classify.gold import GoldRow
from nps_nlp.classify.huggingface import load_huggingface
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.taxonomy import Taxonomy, Theme, load_taxonomy
from nps_nlp.errors import ModelError
from nps_nlp.language import read_comment

TEXTS = ["価格は高いがサポートは最高", "Great staff", "", "特になし", "駐車場が狭い。" * 200, "😀"]
LETTERS = sorted({c for t in TEXTS for c in t} | set("abcdefghijklmnopqrstuvwxyzこの回答は褒めている不満や問題"))


def pieces(texts=TEXTS):
    return [pieces_of(read_comment(text), "")[0] for text in texts]


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    """Return a function that writes a checkpoint of two layers with random weights."""
    torch = pytest.importorskip("torch", reason="torch is not installed (extra [transformers])")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed (extra [transformers])")

    def write(labels=None, name="tiny", **more):
        folder = tmp_path_factory.mktemp("made") / name
        torch.manual_seed(5)
        names = {} if labels is None else {"id2label": dict(enumerate(labels)), "num_labels": len(labels)}
        words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{c}" for c in LETTERS)]
        config = transformers.BertConfig(
            vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
            max_position_embeddings=64, initializer_range=0.5, **names, **more,
        )  # fmt: skip
        home = transformers.BertModel if labels is None else transformers.BertForSequenceClassification
        home(config).save_pretrained(folder)
        vocabulary = folder / "vocab.txt"
        vocabulary.write_text("\n".join(words), "utf-8")
        transformers.BertTokenizerFast.from_pretrained(str(folder)).save_pretrained(folder)
        return folder

    return write


def load(folder, **more):
    return load_huggingface(str(folder), load_taxonomy("base"), **more)


def check(found, width):
    assert [a.shape for a in vars(found).values()] == [(len(TEXTS), 4), (len(TEXTS), 4), (len(TEXTS), width)]
    for values in vars(found).values():
        assert np.isfinite(values).all()
        assert ((values >= 0) & (values <= 1)).all()
    np.testing.assert_allclose(found.sentiment.sum(axis=1), 1, atol=1e-3)
    np.testing.assert_allclose(found.intent.sum(axis=1), 1, atol=1e-3)


def test_sentiment_labels_are_mapped_and_the_rest_comes_from_the_fast_model(make):
    folder = make(["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], name="stars")
    classifier = load(folder)
    assert classifier.name == "huggingface:stars"
    found, fast = classifier.predict(pieces()), load_classifier("fast").predict(pieces())
    check(found, fast.themes.shape[1])
    assert (found.themes == fast.themes).all()
    assert (found.intent == fast.intent).all()
    assert (found.sentiment[:, SENTIMENTS.index("mixed")] == 0).all()

    import torch
    import transformers

    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    with torch.inference_mode():
        plain = model(**tokenizer(TEXTS[0], return_tensors="pt")).logits.softmax(1)[0].numpy()
    expected = [plain[3] + plain[4], plain[0] + plain[1], 0, plain[2]]
    np.testing.assert_allclose(found.sentiment[0], expected, atol=1e-3)


@pytest.mark.parametrize(
    ("labels", "own"),
    [
        (["ネガティブ", "ポジティブ"], slice(0, 4)),
        (["contradiction", "neutral", "entailment"], slice(0, 28)),
        (None, slice(8, 28)),
    ],
    ids=["labelled", "zero-shot", "embedding"],
)
def test_the_company_in_a_batch_changes_the_last_of_four_digits_by_one_at_most(make, labels, own):
    classifier = load(make(labels))
    texts = [*TEXTS, *(text[:n] for text in TEXTS[:2] for n in range(1, len(text)))]
    together = classifier.predict(pieces(texts)).table()[:, own]
    alone = np.vstack([classifier.predict(pieces([text])).table()[:, own] for text in texts])
    assert (together == np.round(together, 4)).all()
    assert np.abs(np.rint(together * 10_000) - np.rint(alone * 10_000)).max() <= 1
    assert classifier.predict([]).sentiment.shape == (0, 4)


def test_unknown_labels_are_named_with_the_option(make):
    folder = make(["joy", "anger"])
    with pytest.raises(ModelError, match=r"'joy', 'anger'.*--map-label joy=negative"):
        load(folder)
    found = load(folder, labels={"joy": "positive", "anger": "negative"}).predict(pieces())
    assert (found.sentiment[:, 2:] == 0).all()
    with pytest.raises(ModelError, match="has no label 'sad'"):
        load(folder, labels={"joy": "positive", "anger": "negative", "sad": "negative"})


def test_themes_and_intents_can_be_labels_too(make):
    themes = load(make(["price", "staff", "other stuff"], problem_type="multi_label_classification"),
                  labels={"other stuff": "-"})  # fmt: skip
    assert themes.theme_ids == ("price", "staff")
    check(themes.predict(pieces()), 2)
    intent = load(make(["request", "complaint", "praise", "other"]))
    found = intent.predict(pieces())
    check(found, len(intent.theme_ids))
    assert not (found.intent == load_classifier("fast").predict(pieces()).intent).all()


def test_zero_shot_gives_everything_for_the_themes_of_the_taxonomy(make):
    classifier = load(make(["contradiction", "neutral", "entailment"]))
    assert classifier.theme_ids == load_taxonomy("base").ids
    check(classifier.predict(pieces()), 20)


def test_embeddings_give_themes_by_likeness(make):
    classifier = load(make())
    found = classifier.predict(pieces())
    check(found, 20)
    taxonomy = load_taxonomy("base")
    own = classifier.predict(pieces([t.examples_en[0] for t in taxonomy.themes])).themes
    assert (own.argmax(axis=1) == np.arange(20)).mean() > 0.9


def test_embeddings_learn_from_labelled_comments(make):
    gold = [
        GoldRow("", text * n, sentiment, None, themes)
        for text, sentiment, themes in (
            ("aaa ", "positive", frozenset({"price"})), ("zzz ", "negative", frozenset({"staff"})), ("mm ", None, None),
        )
        for n in range(1, 9)
    ]  # fmt: skip
    classifier = load(make(), gold=gold)
    found = classifier.predict(pieces(["aaa aaa", "zzz zzz"]))
    assert [SENTIMENTS[i] for i in found.sentiment.argmax(axis=1)] == ["positive", "negative"]
    assert [classifier.theme_ids[i] for i in found.themes.argmax(axis=1)] == ["price", "staff"]
    assert classifier.fingerprint != load(make()).fingerprint
    assert found.intent.shape == (2, len(INTENTS))


def taxonomy_of(*ids, **more):
    return Taxonomy("own", tuple(Theme(i, i, i, **more) for i in ids))


@pytest.mark.parametrize(
    ("labels", "before", "after"),
    [
        # Likeness is measured to all that a theme says of itself; a zero-shot model is asked by its definition.
        (None, taxonomy_of("price", "staff"), taxonomy_of("price", "staff", examples_en=("zzz",))),
        (None, taxonomy_of("price", "staff"), taxonomy_of("price", "staff", keywords_ja=("駐車場",))),
        (None, taxonomy_of("price", "staff"), taxonomy_of("price", "staff", definition="great")),
        (["not", "entailment"], taxonomy_of("price", "staff"), taxonomy_of("price", "staff", definition="great")),
        # The columns follow the taxonomy, the labels the checkpoint.
        (["price", "staff"], taxonomy_of("price", "staff"), taxonomy_of("staff", "price")),
    ],
    ids=["examples", "keywords", "definition", "hypotheses", "order"],
)
def test_what_was_kept_of_another_taxonomy_is_not_given(make, tmp_path, monkeypatch, labels, before, after):
    monkeypatch.setenv("NPS_NLP_CACHE", str(tmp_path))
    folder = make(labels, problem_type="multi_label_classification")
    first = load_huggingface(str(folder), before, cached=True)
    kept = first.predict(pieces()).themes
    second, plain = (load_huggingface(str(folder), after, cached=cached) for cached in (True, False))
    assert first.fingerprint != second.fingerprint == plain.fingerprint
    np.testing.assert_array_equal(second.predict(pieces()).themes, plain.predict(pieces()).themes)
    assert (kept != plain.predict(pieces()).themes).any()


def test_fingerprints_tell_apart_which_themes_and_labels_are_meant(make):
    entails = make(["not", "entailment"])
    named = [Taxonomy("own", (Theme(i, "価格", "Price"), Theme("staff", "人", "Staff"))) for i in ("price", "cost")]
    assert len({load_huggingface(str(entails), taxonomy).fingerprint for taxonomy in named}) == 2
    embeds = make()
    taught = [GoldRow("", "aaa", "positive", None, None)], [GoldRow("", "aaa", None, "praise", None)]
    assert len({load(embeds, gold=rows).fingerprint for rows in taught}) == 2


def test_options_that_do_not_fit_are_refused(make):
    with pytest.raises(ModelError, match="leave --map-label out"):
        load(make(), labels={"a": "positive"})
    with pytest.raises(ModelError, match="leave --fit out"):
        load(make(["POSITIVE", "NEGATIVE"]), gold=[GoldRow("", "x", "positive", None, None)])
    with pytest.raises(ModelError, match=r"huggingface:… only"):
        load_classifier("fast", labels={"a": "positive"})


def test_nothing_is_printed(make, capfd):
    folder = make(["POSITIVE", "NEGATIVE"])
    capfd.readouterr()
    load(folder).predict(pieces())
    assert capfd.readouterr() == ("", "")


def test_a_report_can_be_made_and_cached(make, tmp_path, monkeypatch, capsys):
    from nps_nlp.cli import main
    from nps_nlp.demo import demo_path

    monkeypatch.setenv("NPS_NLP_CACHE", str(tmp_path / "cache"))
    folder = make(["LABEL_0", "LABEL_1", "LABEL_2"], name="three")
    for out in ("first", "second"):
        command = ["report", str(demo_path("en")), "--model", f"huggingface:{folder}", "--out", str(tmp_path / out)]
        assert main(command) == 0, capsys.readouterr().err
    first, second = ((tmp_path / out / "analysis.json").read_bytes() for out in ("first", "second"))
    assert first == second
    assert json.loads(first)["settings"]["model"]["name"] == "huggingface:three"
    assert str(folder).encode() not in first


def test_folders_that_are_no_models(tmp_path):
    with pytest.raises(ModelError, match="not a model of transformers"):
        find_checkpoint(str(tmp_path))
    (tmp_path / "config.json").write_text("[]", "utf-8")
    with pytest.raises(ModelError, match="not a model of transformers"):
        find_checkpoint(str(tmp_path))
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', "utf-8")
    with pytest.raises(ModelError, match="no weights"):
        find_checkpoint(str(tmp_path))


def test_pickles_adapters_and_code_are_refused_unopened(tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', "utf-8")
    touched = tmp_path / "touched"
    (tmp_path / "pytorch_model.bin").write_bytes(f"cposix\nsystem\n(S'touch {touched}'\ntR.".encode())
    with pytest.raises(ModelError, match=r"pytorch_model\.bin, which is never opened.*safe_serialization"):
        find_checkpoint(str(tmp_path))
    assert not touched.exists()
    (tmp_path / "adapter_config.json").write_text("{}", "utf-8")
    with pytest.raises(ModelError, match="adapter"):
        find_checkpoint(str(tmp_path))
    (tmp_path / "config.json").write_text('{"model_type": "x", "auto_map": {"AutoModel": "evil.Model"}}', "utf-8")
    with pytest.raises(ModelError, match="code of its own"):
        find_checkpoint(str(tmp_path))


def test_a_pickle_beside_safe_weights_is_not_opened(make):
    folder = make(["POSITIVE", "NEGATIVE"])
    touched = folder / "touched"
    (folder / "pytorch_model.bin").write_bytes(f"cposix\nsystem\n(S'touch {touched}'\ntR.".encode())
    load(folder).predict(pieces())
    assert not touched.exists()


def test_weights_that_are_no_weights_are_refused(make):
    folder = make(["POSITIVE", "NEGATIVE"])
    (folder / "model.safetensors").write_bytes(b"garbage")
    with pytest.raises(ModelError, match="cannot load it"):
        load(folder)


def test_no_socket_is_opened(make, monkeypatch):
    import socket

    folder = make(["POSITIVE", "NEGATIVE"])

    def refuse(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "__init__", refuse)
    load(folder).predict(pieces())


def test_a_name_that_was_not_downloaded_says_how_to(monkeypatch):
    pytest.importorskip("huggingface_hub", reason="huggingface_hub is not installed (extra [transformers])")
    with pytest.raises(ModelError, match="hf download no-such/checkpoint-at-all"):
        find_checkpoint("no-such/checkpoint-at-all")
    for path in ("../..//x", "/no/such/folder", "./models/x", "a;b"):
        with pytest.raises(ModelError, match="no such folder; name one"):
            find_checkpoint(path)


def test_without_the_extra_the_command_is_named(monkeypatch, tmp_path):
    import sys

    for module in ("torch", "transformers", "huggingface_hub"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModelError, match=r"pip install 'nps-nlp\[transformers\]'"):
        load_classifier("huggingface:some/name")
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', "utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"")
    (tmp_path / "vocab.txt").write_bytes(b"")
    with pytest.raises(ModelError, match=r"pip install 'nps-nlp\[transformers\]'"):
        load_classifier(f"huggingface:{tmp_path}")


def test_weights_that_would_be_drawn_at_random_are_refused(make):
    folder = make()
    config = json.loads((folder / "config.json").read_text("utf-8"))
    headless = config | {"architectures": ["BertForSequenceClassification"], "id2label": {"0": "NEG", "1": "POS"}}
    (folder / "config.json").write_text(json.dumps(headless), "utf-8")
    with pytest.raises(ModelError, match=r"weights of classifier\.bias.* are missing"):
        load(folder)
    folder = make(["NEG", "POS"])
    config = json.loads((folder / "config.json").read_text("utf-8"))
    wider = config | {"id2label": {"0": "NEG", "1": "NEU", "2": "POS"}}
    (folder / "config.json").write_text(json.dumps(wider), "utf-8")
    with pytest.raises(ModelError, match=r"classifier\.bias.*of another size"):
        load(folder)


def test_a_masked_language_model_embeds_and_says_nothing(make, monkeypatch):
    import transformers

    folder = make()
    model = transformers.BertForMaskedLM(transformers.BertConfig.from_pretrained(folder))
    model.save_pretrained(folder)
    said = []
    listener = logging.Handler()
    monkeypatch.setattr(listener, "emit", said.append)
    monkeypatch.setattr(logging.getLogger("transformers"), "handlers", [listener])
    check(load(folder).predict(pieces()), 20)
    assert said == []


def test_a_checkpoint_without_its_vocabulary_is_refused(make):
    folder = make(["NEG", "POS"])
    for path in (*folder.glob("tok*"), *folder.glob("vocab*")):
        path.unlink()
    with pytest.raises(ModelError, match="the vocabulary is missing"):
        load(folder)


def test_a_tokenizer_that_does_not_pad_is_refused(make):
    import tokenizers
    import transformers

    folder = make(["NEG", "POS"])
    for path in (*folder.glob("tok*"), *folder.glob("vocab*")):
        path.unlink()
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    transformers.PreTrainedTokenizerFast(tokenizer_object=words, unk_token="[UNK]").save_pretrained(folder)
    with pytest.raises(ModelError, match="tokenizer pads"):
        load(folder)


def test_rows_of_the_test_split_alone_fit_nothing(make):
    with pytest.raises(ModelError, match="split 'test'"):
        load(make(), gold=[GoldRow("", "x", "positive", None, None, split="test")])
