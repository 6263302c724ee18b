import pytest

from nps_nlp.classify import load_classifier
from nps_nlp.classify.gold import GoldRow
from nps_nlp.classify.readings import count_readings

FAST = load_classifier("fast")


def row(text, sentiment, themes, **more):
    return GoldRow("", text, sentiment, None, None if themes is None else frozenset(themes), **more)


@pytest.mark.parametrize(
    ("sentiment", "themes", "true"),
    [("negative", {"price"}, 1), ("positive", {"price"}, 2), ("neutral", {"price"}, 0), ("negative", set(), 0)],
)
def test_what_is_true_is_counted_by_what_is_read(sentiment, themes, true):
    table = count_readings([row("Far too expensive", sentiment, themes)], FAST)["price"]
    assert sum(map(sum, table)) == 1
    assert table[true][1] == 1


def test_statements_say_which_part_of_a_mixed_comment_is_blame():
    text = "価格は高いがサポートは最高"
    parts = (row("価格は高い", "negative", {"price"}), row("サポートは最高", "positive", {"support"}))
    found = count_readings([row(text, "mixed", {"price", "support"}, statements=parts)], FAST)
    assert found["price"][1] == [0, 1, 0, 0]
    assert found["support"][2] == [0, 0, 1, 0]
    # Without statements nobody knows: neither theme is counted, all others are.
    alone = count_readings([row(text, "mixed", {"price", "support"})], FAST)
    assert sum(map(sum, alone["price"])) == sum(map(sum, alone["support"])) == 0
    assert alone["food"][0][0] == 1


def test_rows_without_labels_and_optional_themes_are_left_out():
    rows = [
        row("Far too expensive", None, {"price"}),
        row("Far too expensive", "negative", None),
        row("Far too expensive", "negative", set(), optional=frozenset({"price"})),
    ]
    found = count_readings(rows, FAST)
    assert sum(map(sum, found["price"])) == 0
    assert sum(map(sum, found["food"])) == 1
    assert set(found) == set(FAST.theme_ids)
