from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.intake.profile import Sample, describe, describe_all


def profile(*cells, heading="Q"):
    return describe(heading, heading, cells)


def test_blank_cells_are_counted_apart():
    found = profile("9", "", "  ", " 9 ", "10")
    assert (found.cells, found.filled, found.distinct, dict(found.values)) == (5, 3, 2, {"9": 2, "10": 1})


def test_groups_written_as_spans():
    assert profile("0-6", "7〜8", "9 – 10").groups == 1
    assert profile("1-3", "4-5").groups == 0


def test_an_empty_column_has_no_shares():
    found = profile("", " ")
    assert (found.filled, found.variety, found.length, found.scores, found.multi, found.top_share(3)) == (
        0,
        0,
        0,
        0,
        0,
        0,
    )


def test_shares_of_what_cells_read_as():
    found = profile(
        "9", "１０", "8 - 高い", "11", "2024-01-05", "a@example.com", "090-1234-5678", "https://example.com/x"
    )
    assert found.scores == 3 / 8
    assert found.numbers == 3 / 8
    assert found.dates == 1 / 8
    assert found.contacts == 4 / 8


def test_fillers_are_neither_variety_nor_length():
    found = profile("駅から遠い", "特になし", "なし", "特になし", "店員が親切")
    assert (found.variety, found.length, found.prose) == (1.0, 5.0, 1.0)


def test_prose_is_japanese_or_more_than_one_word():
    assert profile("quick and kind", "ok", "良い", "Hotel").prose == 0.5


def test_options_come_back_and_prose_does_not():
    choices = ["web, shop", "web, phone", "shop", "phone, shop"] * 5
    assert profile(*choices).multi == 0.75
    assert profile(*choices).options == {"web", "shop", "phone"}
    comments = [f"Nice, but number {i} was slow, and {i * 7} was late" for i in range(20)]
    assert profile(*comments).multi == 0
    assert profile("10,000円以上", "1,000円未満", "10,000円以上").multi == 0


def test_a_semicolon_tells_in_a_handful_of_answers():
    assert profile("銀行;レシート", "領収書;請求書", "銀行").multi == 2 / 3


def test_japanese_options_on_lines_of_their_own():
    assert profile(*["温泉\n食事\n", "食事\n観光\n", "温泉\n"] * 5).multi == 2 / 3


def test_names_are_normalised():
    assert describe("Ｑ１", "ＮＰＳ（０〜１０）", []).name == "Q1 NPS(0〜10)"
    assert describe("NPS", "NPS", []).names == ("NPS",)


def test_a_union_of_files_keeps_the_first_order():
    samples = [Sample("a", {"NPS": ["9"], "x": ["1"]}), Sample("b", {"y": ["2"], "NPS": ["8"]})]
    assert [(p.heading, p.question, p.filled) for p in describe_all(samples, {"x": "Ex?"})] == [
        ("NPS", "NPS", 2),
        ("x", "Ex?", 1),
        ("y", "y", 1),
    ]


def test_monstrous_cells_are_described_quickly():
    cells = [
        "@" * 100_000,
        "9" + " " * 100_000 + "9",
        "a@" * 50_000,
        "1" * 100_000,
        ",;" * 50_000,
        "https://" * 10_000,
    ]
    start = time.process_time()
    profile(*cells)
    assert time.process_time() - start < 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("0189 .,;\n年月日-あなし@a", max_size=12), max_size=20))
def test_shares_are_shares(cells):
    found = profile(*cells)
    shares = (
        found.variety,
        found.scores,
        found.dates,
        found.numbers,
        found.contacts,
        found.prose,
        found.multi,
        found.top_share(20),
    )
    assert all(0 <= share <= 1 for share in shares)
