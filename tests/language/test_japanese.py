import pickle
import subprocess
import sys
from functools import cache

import fugashi
import pytest
import spacy
from hypothesis import given

from nps_nlp.language import blank_ja, japanese
from nps_nlp.language.japanese import tokenise

from .strategies import comments, readable

TEXTS = (
    "",
    " ",
    "\n",
    "価格は高いがサポートは最高。",
    "  景色が 良い\n\n食事も\t良い  ",
    "UIが\r\n使いにくかった",
    "最高😋👨\u200d👩\u200d👧☀\ufe0f",
    "プライスとコスパ、\"a,b\" 'c' ﾊﾟﾊﾟ　½",
    "すもももももももものうち" * 416,
    "\u200bあ\x85い\u2028う\x0cえ\x1cお",
    "ツェルトゥヴァラドグザグ xyzzy-123",
)


@cache
def _raw():
    return fugashi.Tagger()


def _words_of_fugashi(text):
    return [(w.surface, (w.feature.lemma or "").split("-")[0] or w.surface, w.feature.pos1) for w in _raw()(text)]


@pytest.mark.parametrize("text", TEXTS)
def test_words_are_those_of_fugashi(text):
    assert [(t.morph.surface, t.morph.lemma, t.morph.pos) for t in tokenise(text)] == _words_of_fugashi(text)


@given(readable)
def test_words_are_those_of_fugashi_whatever_stands_there(text):
    assert [(t.morph.surface, t.morph.lemma, t.morph.pos) for t in tokenise(text)] == _words_of_fugashi(text)


@given(readable)
def test_tokens_are_slices_in_order(text):
    end = 0
    for token in tokenise(text):
        assert text[token.start : token.end] == token.morph.surface
        assert text[end : token.start].strip() == ""
        end = token.end
    assert text[end:].strip() == ""


def test_nul_is_a_blank():
    assert [t.start for t in tokenise("高い\x00安い")] == [0, 3]


def test_memory_for_words_is_bounded(monkeypatch):
    japanese._morphs.clear()
    monkeypatch.setattr(japanese._Morphs, "_MOST", 3)
    text = "駐車場が狭くて駅から遠い"
    assert [t.morph.surface for t in tokenise(text)] == [w for w, _, _ in _words_of_fugashi(text)]
    assert len(japanese._morphs) <= 3


def _same_words(doc, text):
    words = [(t.idx, t.text, t.lemma_, t._.base) for t in doc if t.pos_ != "SPACE"]
    tokens = [t for t in tokenise(text) if t.morph.pos != "空白"]
    return words == [(t.start, t.morph.surface, t.morph.lemma, t.morph.base) for t in tokens]


@pytest.fixture(scope="module")
def nlp():
    return blank_ja()


@pytest.mark.parametrize("text", [*TEXTS, "高い\x00安い"])
def test_doc_has_the_same_words(nlp, text):
    doc = nlp(text)
    assert doc.text == text
    assert _same_words(doc, text)


@given(text=comments.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)))
def test_doc_keeps_every_character(text):
    doc = _nlp()(text)
    assert doc.text == text
    assert _same_words(doc, text)


@cache
def _nlp():
    return blank_ja()


def test_doc_knows_parts_of_speech(nlp):
    doc = nlp("福井で3人が高かったけどね")
    assert [t.pos_ for t in doc] == ["PROPN", "ADP", "NUM", "NOUN", "ADP", "ADJ", "AUX", "SCONJ", "PART"]
    assert doc[0].tag_ == "名詞-固有名詞"


def test_pipeline_survives_pickle_bytes_and_disk(nlp, tmp_path):
    text = "駐車場が狭い。料理は最高"
    nlp = blank_ja()
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path / "ja")
    copies = [
        pickle.loads(pickle.dumps(nlp)),
        spacy.load(tmp_path / "ja"),
        spacy.util.load_model_from_config(nlp.config),
    ]
    copies.append(blank_ja().from_bytes(blank_ja().to_bytes()))
    copies.append(blank_ja().from_disk(tmp_path / "ja"))
    assert all(_same_words(copy(text), text) for copy in copies)
    assert len(list(copies[1](text).sents)) == 2
    assert pickle.loads(pickle.dumps(nlp(text)))[1]._.base == "場"


def test_another_process_loads_a_saved_pipeline(nlp, tmp_path):
    nlp.to_disk(tmp_path / "ja")
    code = "import sys, spacy, nps_nlp.language; print([t._.base for t in spacy.load(sys.argv[1])('高かった')])"
    command = [sys.executable, "-X", "utf8", "-c", code, str(tmp_path / "ja")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "['高い', 'た']\n"


def test_pipe_gives_docs_in_order(nlp):
    texts = ["高かった", "", "安い 店"] * 3
    for processes in (1, 2):
        docs = list(nlp.pipe(texts, n_process=processes, batch_size=4))
        assert [d.text for d in docs] == texts
        assert all(_same_words(d, t) for d, t in zip(docs, texts, strict=True))
    assert [d.text for d in nlp.tokenizer.pipe(texts)] == texts
