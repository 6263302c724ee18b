import pytest

from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.errors import InputError

THEME = '[[themes]]\nid = "pets"\nlabel_ja = "ペット"\nlabel_en = "Pets"\n'


def written(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def test_built_in_taxonomies():
    base, tourism = load_taxonomy("base"), load_taxonomy("tourism")
    assert tourism.ids[: len(base.ids)] == base.ids
    assert set(tourism.ids) - set(base.ids) == {"food", "scenery", "attraction", "lodging"}
    assert all(t.definition and t.keywords("ja") and t.keywords("en") for t in tourism.themes)


def test_own_themes_are_added_or_take_the_place_of_inherited_ones(tmp_path):
    own = load_taxonomy(written(tmp_path, 'extends = "base"\n' + THEME + THEME.replace("pets", "price")))
    assert own.ids == (*load_taxonomy("base").ids, "pets")
    assert own["price"].label("en") == "Pets"
    assert own.name == "mine"


def test_an_edited_file_is_read_anew(tmp_path):
    path = written(tmp_path, THEME)
    assert load_taxonomy(path).ids == ("pets",)
    written(tmp_path, THEME.replace("pets", "dogs"))
    assert load_taxonomy(path).ids == ("dogs",)
    path.unlink()
    with pytest.raises(InputError, match="no such taxonomy"):
        load_taxonomy(path)


def test_built_in_taxonomies_are_read_once():
    assert load_taxonomy("base") is load_taxonomy()
    assert load_taxonomy("tourism") is load_taxonomy("tourism")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no \\[\\[themes\\]\\]"),
        ("a = ", "not valid TOML"),
        ("themes = 3", "blocks"),
        ("themes = [1]", "blocks"),
        (THEME + THEME, "'pets' stands in two"),
        ('extends = "other"\n' + THEME, "'other' is no built-in"),
        ("extends = 3\n" + THEME, "3 is no built-in"),
        (THEME.replace("label_en", "label"), r"theme 1 \(pets\) lacks label_en"),
        (THEME.replace("pets", "unmentioned"), "stands for no theme at all; choose another"),
        (THEME + "color = 3", "unknown keys color"),
        (THEME + 'keywords_ja = "犬"', "expected a list of texts"),
        (THEME + "keywords_ja = [1]", "expected a list of texts"),
        (THEME + "definition = 3", "expected a text"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, said):
    with pytest.raises(InputError, match=rf"mine\.toml.*{said}"):
        load_taxonomy(written(tmp_path, text))


def test_missing_and_binary_files(tmp_path):
    with pytest.raises(InputError, match="no such taxonomy"):
        load_taxonomy(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not readable"):
        load_taxonomy(tmp_path / "b.toml")
