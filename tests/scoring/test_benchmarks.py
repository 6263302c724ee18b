import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.errors import InputError
from nps_nlp.scoring import (
    benjamini_hochberg,
    compare_with_benchmarks,
    example_benchmarks,
    industry_rows,
    load_benchmarks,
    nps,
    nps_test,
    weighted_nps,
)

ROW = {"name": "A", "industry": "bank", "score": "-10", "year": "2024", "source": "own study"}
FIGURES = {
    "ネット証券": -8.1,
    "アパレルEC": -13.7,
    "都市ガス": -34.8,
    "QRコード決済": -24.5,
    "クレジットカード": -18.4,
    "動画配信": -2.0,
    "通販化粧品": -2.0,
    "対面証券": -48.1,
    "セキュリティソフト": -12.7,
    "銀行": -22.9,
    "自動車保険（ダイレクト型）": -23.2,
    "自動車保険（代理店型）": -41.1,
}


def table(*changes):
    return pd.DataFrame([ROW | change for change in changes])


def test_the_packaged_figures_are_those_published():
    example = example_benchmarks()
    assert dict(zip(example["industry_ja"], example["score"], strict=True)) == FIGURES
    assert set(example["year"]) == {2022}
    assert set(example["source"]) == {"NTT Com Online (NTTコム オンライン) NPS benchmark survey 2022"}
    assert set(example["name"]) == {"First-ranked company"}
    assert example["n"].isna().all()


def test_a_japanese_file_is_loaded(tmp_path):
    path = tmp_path / "他社.csv"
    path.write_text('企業名,業界,スコア,回答数,年,出典\nA社,銀行,▲22.9,"1,031",2024,調査\n', "cp932")
    loaded = load_benchmarks(path).iloc[0]
    assert (loaded["name"], loaded["name_ja"], loaded["industry_ja"]) == ("A社", "A社", "銀行")
    assert (loaded["score"], loaded["n"], loaded["year"]) == (-22.9, 1031, 2024)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([{}, {"name": "B", "score": "high"}], "column score: 'high' is not a number; see row 1"),
        ([{"score": "-101"}], "between -100 and 100, column score; see row 0"),
        ([{"score": " "}], "no score, column score; see row 0"),
        ([{"n": "0"}], "n is a whole number of 1 or more"),
        ([{"n": "10.5"}], "n is a whole number of 1 or more"),
        ([{"year": "24"}], "a year has four digits"),
        ([{"source": None}], "no source"),
        ([{}, {}], "same name, industry, year and source more than once, column name; see row 0, 1"),
    ],
)
def test_faults_are_named_with_column_and_row(changes, message):
    with pytest.raises(InputError, match=message):
        load_benchmarks(table(*changes))


def test_missing_columns_and_rows():
    with pytest.raises(InputError, match="no column 'industry', 'source'; it has 'name', 'score', 'year'"):
        load_benchmarks(table({}).drop(columns=["industry", "source"]))
    with pytest.raises(InputError, match="no scores under them"):
        load_benchmarks(table({}).iloc[:0])
    with pytest.raises(InputError, match="more than one column is the score"):
        load_benchmarks(table({"NPS": 1}))


def test_rows_of_a_file_are_counted_as_a_spreadsheet_does(tmp_path):
    path = tmp_path / "b.csv"
    path.write_text("name,industry,score,year,source\nA,bank,1,2024,x\nB,bank,oops,2024,x\n", "utf-8")
    with pytest.raises(InputError, match=r"b\.csv, column score: 'oops' is not a number; see row 3"):
        load_benchmarks(path)


def test_without_n_the_own_interval_is_moved():
    own = nps(50, 30, 20)
    row = compare_with_benchmarks(own, load_benchmarks(table({}))).iloc[0]
    assert row["difference"] == 40
    assert (row["ci_low"], row["ci_high"]) == (own.ci_low + 10, own.ci_high + 10)
    assert (row["own_score"], row["own_ci_low"], row["se"]) == (own.score, own.ci_low, own.se)
    assert math.isnan(row["p"])
    assert row["basis"] == "own sample only"


def test_with_n_it_is_the_two_sample_test_against_the_widest_survey():
    # -10 from 200 with nobody passive: 90 promoters, 110 detractors.
    own = nps(50, 30, 20)
    row = compare_with_benchmarks(own, load_benchmarks(table({"n": 200}))).iloc[0]
    other = nps_test([90, 0, 110], [50, 30, 20])
    found = (row["difference"], row["se"], row["ci_low"], row["ci_high"], row["z"], row["p"])
    assert found == pytest.approx((other.difference, other.se, other.ci_low, other.ci_high, other.z, other.p))
    assert row["basis"] == "both samples"


@given(st.tuples(*[st.integers(0, 300)] * 3).filter(any), st.tuples(*[st.integers(0, 300)] * 3).filter(any))
def test_the_bound_is_never_narrower_than_the_true_counts(own, other):
    score, n = nps(*other).score, sum(other)
    row = compare_with_benchmarks(nps(*own), load_benchmarks(table({"score": score, "n": n}))).iloc[0]
    true = nps_test(other, own)
    assert row["difference"] == pytest.approx(true.difference, abs=1e-9)
    assert row["se"] >= true.se * (1 - 0.5 / n)
    assert -200 <= row["ci_low"] <= row["ci_high"] <= 200


def test_a_weighted_score_of_equal_weights_compares_as_the_plain_one():
    rows = load_benchmarks(table({"n": 200}, {"name": "B"}))
    plain = compare_with_benchmarks(nps(50, 30, 20), rows)
    weighted = compare_with_benchmarks(weighted_nps([50, 30, 20], [50, 30, 20], 100), rows)
    pd.testing.assert_frame_equal(plain, weighted, rtol=1e-9)
    unanimous = compare_with_benchmarks(weighted_nps([9, 0, 0], [9, 0, 0], 9), rows)
    assert unanimous["se"].iloc[0] == pytest.approx(compare_with_benchmarks(nps(9, 0, 0), rows)["se"].iloc[0])


def test_the_family_of_tests_is_corrected():
    rows = load_benchmarks(table(*[{"name": f"c{k}", "score": 5 * k, "n": 300} for k in range(5)], {"name": "no n"}))
    result = compare_with_benchmarks(nps(50, 30, 20), rows)
    expected = benjamini_hochberg(result["p"].to_numpy())
    assert result["p_adjusted"].to_numpy() == pytest.approx(expected, nan_ok=True)


def test_an_industry_is_found_by_either_name_and_an_unknown_one_lists_them():
    example = example_benchmarks()
    for name in ("Bank", "銀行", " ＢＡＮＫ "):
        assert industry_rows(example, name)["score"].tolist() == [-22.9]
    with pytest.raises(InputError, match=r"no industry 'zoo'; it has net securities, apparel"):
        compare_with_benchmarks(nps(1, 1, 1), example, industry="zoo")
    assert len(compare_with_benchmarks(nps(1, 1, 1), example)) == 12
