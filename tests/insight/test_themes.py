from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact

from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.insight import cells, crosstab, impact_table, theme_table
from nps_nlp.tally import NEGATIVE, POSITIVE, Tally

PEOPLE = st.lists(st.tuples(st.integers(0, 10), st.booleans(), st.booleans()), min_size=1, max_size=50)


def data_of(people):
    patterns = Counter()
    for score, food, price in people:
        said = tuple([("food", POSITIVE)] * food + [("price", NEGATIVE)] * price)
        patterns["", score, said] += 1
    return cells(Tally(patterns=patterns), ("food", "price"))


@given(PEOPLE)
def test_mentioners_split_into_the_three_categories(people):
    data = data_of(people)
    table = theme_table(data, load_taxonomy("tourism"), impact_table(data, seed=1))
    assert (table["promoters"] + table["passives"] + table["detractors"] == table["comments"]).all()
    assert (table["comments"].diff().dropna() <= 0).all()
    assert table["share"].between(0, 1).all()


@given(PEOPLE)
def test_crosstab_margins_are_those_of_the_table(people):
    table = crosstab(data_of(people))
    for _, part in table.groupby("theme"):
        assert part["expected"].sum() == pytest.approx(part["count"].sum())
        assert (
            part["residual"].notna().any()
            or part["count"].sum() in (0, len(people))
            or len({s > 8 or -(s < 7) for s, *_ in people}) == 1
        )


def test_adjusted_residuals_square_to_the_chi_square_of_each_two_by_two_table():
    people = (
        [(10, True, False)] * 30
        + [(10, False, False)] * 50
        + [(7, True, False)] * 5
        + [(7, False, True)] * 25
        + [(2, True, True)] * 10
        + [(2, False, False)] * 30
    )
    table = crosstab(data_of(people)).set_index(["theme", "category"])
    inside = np.array([[30, 15], [50, 55]])
    expected = chi2_contingency(inside, correction=False)
    assert table.loc[("food", "promoter"), "residual"] ** 2 == pytest.approx(expected.statistic)
    assert table.loc[("food", "promoter"), "p"] == pytest.approx(2 * fisher_exact(inside, alternative="greater")[1])
    assert table.loc[("food", "promoter"), "lift"] == pytest.approx((30 / 80) / (45 / 150))


def test_rare_themes_are_marked_as_not_shown():
    data = data_of([(9, True, i < 3) for i in range(20)])
    table = theme_table(data, load_taxonomy("tourism"), impact_table(data, seed=1)).set_index("id")
    assert table.loc["food", "shown"]
    assert not table.loc["price", "shown"]
