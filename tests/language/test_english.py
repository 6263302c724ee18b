from hypothesis import given

from nps_nlp.language import english
from nps_nlp.language.english import blank_en, tokenise

from .strategies import readable


def test_words_are_those_of_spacy():
    text = "It doesn't work\n(e.g. on Wi-Fi), £3.50 :) https://example.com/a?b=c"
    words = [(t.idx, t.text) for t in blank_en()(text) if not t.is_space]
    assert [(t.start, t.morph.surface) for t in tokenise(text)] == words


def test_lemma_is_lower_case_and_base_as_written():
    assert [(t.morph.lemma, t.morph.base) for t in tokenise("Great VALUE")] == [
        ("great", "Great"),
        ("value", "VALUE"),
    ]


def test_changing_a_blank_pipeline_changes_nobody_elses_words():
    blank_en().tokenizer.rules = {}
    assert [t.morph.surface for t in tokenise("don't")] == ["do", "n't"]


@given(readable)
def test_tokens_are_slices_in_order(text):
    end = 0
    for token in tokenise(text):
        assert text[token.start : token.end] == token.morph.surface
        assert text[end : token.start].strip() == ""
        end = token.end
    assert text[end:].strip() == ""


def test_text_without_blanks_is_read_in_portions():
    text = "Bad " + "!" * 5_000 + " really"
    tokens = tokenise(text)
    assert "".join(t.morph.surface for t in tokens) == text.replace(" ", "")
    assert tokens[-1] == (len(text) - 6, tokens[-1].morph)


def test_memory_for_words_is_bounded(monkeypatch):
    before = english._own()
    monkeypatch.setattr(english, "_MOST_WORDS", 10)
    assert [t.morph.surface for t in tokenise("so good")] == ["so", "good"]
    assert english._own() is not before
