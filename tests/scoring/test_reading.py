import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.scoring import example_benchmarks, load_benchmarks, usual_reading

EXAMPLE = example_benchmarks()


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (-100, "not_above_0"),
        (0, "not_above_0"),
        (0.1, "above_0"),
        (30, "above_0"),
        (30.1, "above_30"),
        (70, "above_30"),
        (100, "above_70"),
    ],
)
def test_levels_are_above_not_at(score, level):
    reading = usual_reading(score, "bank", EXAMPLE)
    assert reading.level == level
    assert reading


@given(st.floats(-100, 100), st.sampled_from(EXAMPLE["industry"].tolist()))
def test_the_industry_and_its_source_are_always_beside_it(score, industry):
    reading = usual_reading(score, industry, EXAMPLE)
    row = EXAMPLE[EXAMPLE["industry"] == industry].iloc[0]
    assert reading.industry_median == row["score"]
    for text, words in ((reading.en, ("industry", "source")), (reading.ja, ("industry_ja", "source_ja"))):
        assert all(row[word] in text for word in words)
        assert f"{row['score']:+.1f}" in text
        assert "2022" in text


@pytest.mark.parametrize("industry", ["", "  ", None])
def test_without_the_industry_there_is_no_reading(industry):
    with pytest.raises(ValueError, match="misleads without the industry beside it"):
        usual_reading(10, industry)


def test_an_unknown_industry_gives_the_reason():
    reading = usual_reading(10, "動物園")
    assert reading.level is None
    assert not reading
    assert math.isnan(reading.industry_median)
    assert "動物園" in reading.en
    assert "動物園" in reading.ja


def test_several_scores_are_summed_up(tmp_path):
    path = tmp_path / "b.csv"
    path.write_text(
        "name,industry,score,year,source\nA,zoo,-10,2023,x\nB,zoo,20,2024,y\nC,zoo,0,2024,y\n", encoding="utf-8"
    )
    reading = usual_reading(10, "zoo", load_benchmarks(path))
    assert (reading.known, reading.industry_low, reading.industry_median, reading.industry_high) == (3, -10, 0, 20)
    assert "3 scores from -10.0 to +20.0 are known, the middle one +0.0 (2023–2024; x, y)" in reading.en
    assert "既知のスコア3件は-10.0〜+20.0" in reading.ja
    assert reading.to_dict()["level"] == "above_0"


def test_a_score_that_cannot_be():
    for score in (101, math.nan):
        with pytest.raises(ValueError, match="between -100 and 100"):
            usual_reading(score, "bank")
