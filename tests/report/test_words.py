"""The phrases: both languages complete, with the same blanks to fill in; reasons of intake in Japanese."""

from __future__ import annotations

import re
import string

import pytest

from nps_nlp.demo import demo_path
from nps_nlp.intake import open_export
from nps_nlp.report.words import load_words, translate_reason


def _blanks(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


@pytest.mark.parametrize("key", sorted(load_words("ja").phrases))
def test_both_languages_say_the_same(key):
    forms = load_words("ja").phrases[key]
    assert set(forms) <= {"ja", "ja_one", "en", "en_one"}
    assert _blanks(forms["ja"]) == _blanks(forms["en"])
    assert all(_blanks(form) == _blanks(forms["ja"]) for form in forms.values())
    assert all(forms.values())


def test_english_has_no_japanese_and_points_have_a_true_minus():
    for key, forms in load_words("en").phrases.items():
        assert not re.search(r"[ぁ-んァ-ヶ一-龠]", forms["en"]), key
        assert not re.search(r"(?<![\w–])-\d", forms["en"] + forms["ja"]), key


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_reason_that_intake_gives_for_a_column_is_known_in_japanese(language):
    for decision in open_export(demo_path(language)).columns.decisions:
        assert re.search(r"[ぁ-んァ-ヶ一-龠]", translate_reason(decision.reason, "ja")), decision.reason
        assert translate_reason(decision.reason, "en") == decision.reason


def test_one_thing_is_not_plural():
    words = load_words("en")
    assert words.many("page.responses", 1) == "1 response"
    assert words.many("page.responses", 1200) == "1,200 responses"
