from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.insight import request_table
from nps_nlp.scoring import nps, wilson_interval
from nps_nlp.tally import ALL, Tally

ASKED = st.dictionaries(
    st.tuples(
        st.integers(0, 10),
        st.lists(st.sampled_from(["hours", "price", "staff", UNMENTIONED]), min_size=1, unique=True)
        .map(sorted)
        .map(tuple),
    ),
    st.integers(1, 30),
    min_size=1,
    max_size=12,
)


def survey(asked, silent=20):
    writers = Counter({(ALL, ALL, "", 9): silent})
    for (score, _), n in asked.items():
        writers[ALL, ALL, "", score] += n
    return Tally(requests=Counter(asked), writers=writers)


def test_shares_are_of_the_writers_and_of_the_writers_of_each_category():
    tally = survey({(9, ("price",)): 3, (2, ("hours", "price")): 1, (7, (UNMENTIONED,)): 1}, silent=15)
    table = request_table(tally, ["hours", "price"]).set_index("theme")
    assert table.index.tolist() == [ALL, "price", "hours", UNMENTIONED]
    assert table["n"].tolist() == [5, 4, 1, 1]
    assert table.loc[ALL, "share"] == pytest.approx(5 / 20)
    assert table.loc["price", "share_promoters"] == pytest.approx(3 / 18)
    assert table.loc["price", "share_detractors"] == 1.0
    low, high = wilson_interval(4, 20)
    assert table.loc["price", ["share_ci_low", "share_ci_high"]].tolist() == pytest.approx([low, high])
    assert table.loc["price", "nps"] == nps(3, 0, 1).score
    assert not table["shown"].any()


@given(ASKED)
def test_everybody_who_asks_is_counted_once_above_and_somewhere_below(asked):
    table = request_table(survey(asked), ["hours", "price", "staff"]).set_index("theme")
    below = table.drop(ALL)["n"]
    assert table.loc[ALL, "n"] == sum(asked.values())
    assert below.max() <= table.loc[ALL, "n"] <= below.sum()
    assert table["share"].between(table["share_ci_low"], table["share_ci_high"]).all()
    assert (table[["promoters", "passives", "detractors"]].sum(axis=1) == table["n"]).all()


@given(ASKED)
def test_a_theme_that_is_not_listed_is_counted_among_all_who_ask_alone(asked):
    table = request_table(survey(asked), ["hours"]).set_index("theme")
    assert set(table.index) <= {ALL, "hours", UNMENTIONED}
    assert table.loc[ALL, "n"] == sum(asked.values())
    for theme in set(table.index) - {ALL}:
        assert table.loc[theme, "n"] == sum(n for (_, themes), n in asked.items() if theme in themes)


def test_weights_count_requests_as_they_count_writers():
    units, tally = 2**40, Tally()
    everyone = [((ALL, ALL, "", 9), 3, 4 * units, 6 * units**2), ((ALL, ALL, "", 3), 1, units, units**2)]
    asking = [((9, ("price",)), 2, 3 * units, 5 * units**2), ((3, (UNMENTIONED,)), 1, units, units**2)]
    for name, rows in (("responses", everyone), ("writers", everyone), ("requests", asking)):
        keys, n, *sums = zip(*rows, strict=True)
        tally.count(name, keys, n, sums)
    table = request_table(tally, ["price"]).set_index("theme")
    assert table["n"].tolist() == [3, 2, 1]
    assert table["share"].tolist() == pytest.approx([4 / 5, 3 / 5, 1 / 5])
    assert table.loc["price", "share_promoters"] == pytest.approx(3 / 4)
    low, high = wilson_interval(25 / 7 * 0.6, 25 / 7)
    assert table.loc["price", ["share_ci_low", "share_ci_high"]].tolist() == pytest.approx([low, high])


def test_nobody_who_asks_is_an_empty_table_with_its_columns():
    table = request_table(Tally(), ["price"])
    assert table.empty
    assert {"theme", "n", "share", "share_ci_low", "share_detractors", "nps", "shown"} <= set(table.columns)


@pytest.mark.parametrize("scale", [1, 40_000, 10**9])
def test_shares_do_not_depend_on_the_size_of_the_weights(scale):
    plain, tally = survey({(9, ("price",)): 200, (3, ("price",)): 79}, silent=21), Tally()
    for name, source in (("responses", "writers"), ("writers", "writers"), ("requests", "requests")):
        keys, numbers = zip(*getattr(plain, source).items(), strict=True)
        weights = [scale * (2**40 + 2**30 * (key[0 if source == "requests" else 3] == 3)) for key in keys]
        pairs = list(zip(numbers, weights, strict=True))
        tally.count(name, keys, numbers, ([n * w for n, w in pairs], [n * w**2 for n, w in pairs]))
    assert tally.weighted
    found, expected = (request_table(t, ["price"]).set_index("theme") for t in (tally, plain))
    for column in ("share", "share_ci_low", "share_ci_high", "share_promoters", "p"):
        assert found.loc["price", column] == pytest.approx(expected.loc["price", column], abs=1e-3)


def test_who_asks_more_often_is_tested_between_promoters_and_detractors():
    tally = survey({(9, ("price",)): 12, (2, ("price",)): 40, (2, ("hours",)): 11}, silent=150)
    table = request_table(tally, ["price", "hours"]).set_index("theme")
    # Twice the smaller tail of the hypergeometric distribution: 12 of 162 promoters, 40 of 51 detractors.
    assert table.loc["price", "p"] == pytest.approx(2 * hypergeom.cdf(12, 213, 52, 162))
    # Two themes are shown: the smaller of two p-values is doubled.
    assert table.loc["price", "q"] == pytest.approx(2 * table.loc["price", "p"])
    assert table.loc[[ALL], "q"].isna().all()
