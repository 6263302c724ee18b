import json
import pickle
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from nps_nlp.classify import load_classifier
from nps_nlp.classify.annotate import Annotator
from nps_nlp.classify.spacy_component import SPANS, NpsFeedback
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.errors import ModelError
from nps_nlp.language import blank_ja
from tests.conftest import make_survey

TEXTS = [
    "スタッフは親切でしたが、駐車場が狭くて不便でした。",
    "Great staff, but the room was cold.",
    "特になし",
    "",
    "   ",
    "😀😀",
    "ｶﾞﾗｶﾞﾗ!!　①高い②遅い",
    "<b>good</b>\r\n=cmd|'/C calc'!A0",
]


@pytest.fixture(params=["ja", "en"])
def nlp(request):
    made = blank_ja() if request.param == "ja" else spacy.blank("en")
    made.add_pipe("nps_feedback")
    return made


def test_statements_are_those_of_a_report(nlp):
    survey = make_survey([(5, text, "", "2024-01-01") for text in TEXTS[:2]])
    for answer in Annotator(load_classifier(), load_taxonomy("tourism")).annotate(survey):
        doc = nlp.make_doc(answer.text)
        doc._.nps_question = survey.columns.question("comment")
        spans = nlp(doc).spans[SPANS]
        assert [
            (*s._.nps_evidence, s._.nps_sentiment, s._.nps_sentiment_confidence, s._.nps_intent, s._.nps_themes)
            for s in spans
        ] == [
            (a.start, a.end, a.sentiment, a.sentiment_confidence, a.intent,
             dict(zip(a.themes, a.theme_confidence, strict=True)))
            for a in answer.statements
        ]  # fmt: skip


def test_the_whole_has_labels_with_confidence(nlp):
    doc = nlp(TEXTS[1])
    assert doc._.nps_sentiment == "mixed"
    assert doc._.nps_intent in {"praise", "complaint"}
    assert 0 <= doc._.nps_sentiment_confidence <= 1
    assert 0 <= doc._.nps_intent_confidence <= 1
    assert "staff" in doc._.nps_themes
    assert list(doc._.nps_themes.values()) == sorted(doc._.nps_themes.values(), reverse=True)


def test_statements_within_one_token_are_all_listed():
    text = "価格は高いがサポートは最高"
    nlp = spacy.blank("en")
    nlp.add_pipe("nps_feedback")
    doc = nlp(text)
    assert len(doc) == 1
    price, support = doc._.nps_statements
    assert (text[price["start"] : price["end"]], text[support["start"] : support["end"]]) == (text[:6], text[6:])
    assert (price["sentiment"], support["sentiment"]) == ("negative", "positive")
    assert "price" in price["themes"]
    assert "support" in support["themes"]


def test_statements_are_listed_as_the_spans_show_them():
    nlp = blank_ja()
    nlp.add_pipe("nps_feedback")
    for doc in nlp.pipe(TEXTS):
        assert doc._.nps_statements == [
            {
                "start": s._.nps_evidence[0], "end": s._.nps_evidence[1], "sentiment": s._.nps_sentiment,
                "sentiment_confidence": s._.nps_sentiment_confidence, "intent": s._.nps_intent,
                "themes": s._.nps_themes,
            }
            for s in doc.spans[SPANS]
        ]  # fmt: skip
    assert nlp("")._.nps_statements == []
    assert nlp.make_doc(TEXTS[0])._.nps_statements is None


def test_unusual_texts_and_batches(nlp):
    alone = [nlp(text) for text in TEXTS]
    for single, together in zip(alone, nlp.pipe(TEXTS, batch_size=3), strict=True):
        assert single._.nps_themes == together._.nps_themes
        assert single._.nps_sentiment == together._.nps_sentiment
        assert single._.nps_statements == together._.nps_statements
        assert [(s.start, s.end) for s in single.spans[SPANS]] == [(s.start, s.end) for s in together.spans[SPANS]]
        for span in together.spans[SPANS]:
            start, end = span._.nps_evidence
            assert span.start_char <= start <= end <= span.end_char


def test_contexts_pass_through(nlp):
    found = list(nlp.pipe([(text, i) for i, text in enumerate(TEXTS)], as_tuples=True))
    assert [context for _, context in found] == list(range(len(TEXTS)))


def test_the_question_is_read():
    nlp = blank_ja()
    nlp.add_pipe("nps_feedback")
    intents = []
    for question in ("良かった点", "ご要望"):
        doc = nlp.make_doc("カフェ")
        doc._.nps_question = question
        intents.append(nlp(doc)._.nps_intent)
    assert intents == ["praise", "suggestion"]


def test_model_and_taxonomy_are_options(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[[themes]]\nid = "owl"\nlabel_ja = "梟"\nlabel_en = "Owls"\nkeywords_en = ["owl"]\n', "utf-8")
    nlp = spacy.blank("en")
    nlp.add_pipe("nps_feedback", config={"taxonomy": str(own)})
    assert nlp("The owls were lovely")._.nps_themes == {"owl": 1.0}
    with pytest.raises(ModelError, match="no such model"):
        spacy.blank("en").add_pipe("nps_feedback", config={"model": "nonsense"})


def by_bytes(docs, vocab):
    return [Doc(vocab).from_bytes(doc.to_bytes()) for doc in docs]


def by_pickle(docs, vocab):
    return pickle.loads(pickle.dumps(docs))


def by_doc_bin(docs, vocab):
    stored = DocBin(docs=docs, store_user_data=True).to_bytes()
    return list(DocBin().from_bytes(stored).get_docs(vocab))


@pytest.mark.parametrize("stored", [by_bytes, by_pickle, by_doc_bin])
def test_docs_survive_being_stored(nlp, stored):
    docs = list(nlp.pipe([*TEXTS, "価格は高いがサポートは最高"]))
    for before, after in zip(docs, stored(docs, nlp.vocab), strict=True):
        assert after._.nps_themes == before._.nps_themes
        assert list(after._.nps_statements) == before._.nps_statements
        assert json.loads(json.dumps(after._.nps_statements)) == before._.nps_statements
        assert [(s.text, s._.nps_sentiment) for s in after.spans[SPANS]] == [
            (s.text, s._.nps_sentiment) for s in before.spans[SPANS]
        ]


def test_a_saved_pipeline_is_loaded_without_importing_nps_nlp(nlp, tmp_path):
    if not entry_points(group="spacy_factories", name="nps_feedback"):
        pytest.skip("nps-nlp is not installed with its entry points here")
    expected = nlp(TEXTS[0])._.nps_themes
    nlp.to_disk(tmp_path / "pipeline")
    code = "import sys, spacy; print(spacy.load(sys.argv[1])(sys.argv[2])._.nps_themes)"
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "pipeline", TEXTS[0]],
        capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.stdout.strip() == str(expected), done.stderr


def test_a_pipeline_of_another_model_is_refused(tmp_path):
    component = NpsFeedback("fast", "base")
    component.to_disk(tmp_path / "saved")
    component.from_disk(tmp_path / "saved")
    with pytest.raises(ModelError, match="was saved with the model 123"):
        component.from_bytes(b'{"fingerprint": "123"}')


def test_the_entry_point_is_declared():
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    assert '"nps_feedback" = "nps_nlp.classify.spacy_component:create_feedback"' in text


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"[]", b"\xff"])
def test_a_saved_pipeline_that_does_not_say_its_model_is_refused(tmp_path, content):
    component = NpsFeedback("fast", "base")
    with pytest.raises(ModelError, match="does not say its model"):
        component.from_disk(tmp_path / "never saved")
    component.to_disk(tmp_path)
    (tmp_path / "settings.json").write_bytes(content)
    with pytest.raises(ModelError, match="does not say its model"):
        component.from_disk(tmp_path)
