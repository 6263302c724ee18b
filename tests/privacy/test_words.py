import tomllib
from pathlib import Path

import nps_nlp.privacy.words as room
from nps_nlp.privacy.words import word_set


def test_no_word_asks_for_a_name_and_is_none():
    assert not word_set("titles_en") & word_set("given_names_en")
    assert not word_set("given_names_en") & word_set("not_names_en")


def test_every_list_is_read_by_the_rules():
    lists = tomllib.loads((Path(room.__file__).parent / "words.toml").read_text("utf-8"))
    code = "".join(p.read_text("utf-8") for p in Path(room.__file__).parent.glob("*.py"))
    assert [name for name in lists if name not in code] == []
