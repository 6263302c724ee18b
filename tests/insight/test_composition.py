from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.insight.composition import composition_difference
from nps_nlp.insight.groups import MAX_GROUPS, OTHER
from nps_nlp.insight.people import People
from nps_nlp.tally import Tally, category

counts = st.lists(st.integers(0, 40), min_size=12, max_size=12).filter(any)


def tally_of(numbers):
    keys = [("shop", value, "", score) for value in "ABCD" for score in (2, 8, 10)]
    return Tally(responses=Counter({k: n for k, n in zip(keys, numbers, strict=True) if n}))


@given(counts, counts)
@settings(max_examples=30)
def test_against_a_loop_over_the_groups(a, b):
    sides = tally_of(a), tally_of(b)
    result = composition_difference(*sides, "shop", seed=1)
    n = [Counter() for _ in sides]
    net = [Counter() for _ in sides]
    for side, tally in enumerate(sides):
        for (_, value, _, score), k in tally.responses.items():
            n[side][value] += k
            net[side][value] += 100 * category(score) * k
    score = [sum(net[i].values()) / sum(n[i].values()) for i in (0, 1)]
    table = result.table.set_index("value")
    for value in set(n[0]) | set(n[1]):
        share = [n[i][value] / sum(n[i].values()) for i in (0, 1)]
        rate = [net[i][value] / n[i][value] if n[i][value] else None for i in (0, 1)]
        rate = [rate[1 - i] if r is None else r for i, r in enumerate(rate)]
        composition = (share[1] - share[0]) * (sum(rate) / 2 - sum(score) / 2)
        assert table.loc[value, "composition"] == pytest.approx(composition, abs=1e-9)
        assert table.loc[value, "within"] == pytest.approx(sum(share) / 2 * (rate[1] - rate[0]), abs=1e-9)
    assert result.difference == pytest.approx(score[1] - score[0], abs=1e-9)
    assert result.parts["points"].sum() == pytest.approx(result.difference, abs=1e-9)
    assert table["total"].sum() == pytest.approx(result.difference, abs=1e-9)


def test_the_same_groups_answering_otherwise_is_all_within():
    result = composition_difference(tally_of([9, 0, 0] * 4), tally_of([0, 0, 9] * 4), "shop", seed=1)
    assert result.parts.set_index("part")["points"].to_dict() == {"composition": 0.0, "within": 200.0}


def test_limits_hold_the_value_and_small_groups_are_marked():
    result = composition_difference(
        tally_of([30, 20, 10, 5, 5, 50, 1, 1, 1, 0, 0, 9]),
        tally_of([9, 20, 40, 5, 5, 70, 2, 1, 1, 0, 0, 40]),
        "shop",
        seed=1,
    )
    table = result.table.set_index("value")
    assert not table.loc["C", "shown"]
    assert table.loc["A", "shown"]
    for name in ("composition", "within", "total"):
        assert (table[f"{name}_ci_low"] <= table[name]).all()
        assert (table[name] <= table[f"{name}_ci_high"]).all()


def test_five_thousand_values_are_joined_and_still_add_up():
    rng = np.random.default_rng(1)
    sides = [
        Tally(responses=Counter(("shop", f"{rng.integers(5000)}", "", int(s)) for s in rng.integers(0, 11, 8000)))
        for _ in range(2)
    ]
    result = composition_difference(*sides, "shop", seed=1)
    assert len(result.table) == MAX_GROUPS + 1
    assert result.table.loc[result.table["other"], "value"].tolist() == [OTHER]
    assert result.table["n_before"].sum() == 8000
    assert result.parts["points"].sum() == pytest.approx(result.difference, abs=1e-9)


def test_a_segment_that_a_side_lacks_is_refused():
    with pytest.raises(ValueError, match="no responses on one side"):
        composition_difference(tally_of([1] * 12), Tally(), "shop", seed=1)


def test_more_groups_are_kept_where_asked():
    sides = [Tally(responses=Counter({("shop", f"{v:03}", "", 9 - v % 2): v + k for v in range(40)})) for k in (3, 9)]
    kept = [composition_difference(*sides, "shop", seed=1, most=most) for most in (20, 100)]
    assert [len(result.table) for result in kept] == [21, 40]
    assert [result.difference for result in kept] == pytest.approx([kept[0].parts["points"].sum()] * 2)


def people_of(shops, scores):
    """Everybody's answer, counted and by who gave it: person k is the k-th."""
    tally = Tally(responses=Counter(("shop", shop, "", score) for shop, score in zip(shops, scores, strict=True)))
    who = np.arange(len(shops), dtype=np.int64)
    return tally, People(who, np.array(scores), [None] * len(shops), np.ones(len(shops)), (), {"shop": list(shops)})


def width(result, row=None):
    part = result if row is None else result.parts.set_index("part").loc[row]
    return part.ci_high - part.ci_low


def test_the_same_people_with_the_same_answers_leave_nothing_unsure():
    rng = np.random.default_rng(1)
    tally, people = people_of(rng.choice(list("AB"), 200).tolist(), rng.integers(0, 11, 200).tolist())
    by_answers = composition_difference(tally, tally, "shop", seed=1)
    by_people = composition_difference(tally, tally, "shop", seed=1, people=(people, people))
    assert width(by_answers) > 25
    assert width(by_people) == pytest.approx(0, abs=1e-9)
    assert by_people.parts["points"].tolist() == by_answers.parts["points"].tolist()


def test_three_answers_each_are_as_sure_as_one_each():
    rng = np.random.default_rng(2)
    once, thrice = [], []
    for side in (0, 1):
        shops, scores = rng.choice(list("AB"), 300).tolist(), rng.integers(side, 11, 300).tolist()
        once.append(people_of(shops, scores)[0])
        tally, people = people_of(shops * 3, scores * 3)
        thrice.append((tally, replace(people, who=people.who % 300 + 1000 * side)))
    sides, people = zip(*thrice, strict=True)
    plain = composition_difference(*once, "shop", seed=1)
    found = composition_difference(*sides, "shop", seed=1, people=people)
    naive = composition_difference(*sides, "shop", seed=1)
    for row in (None, "within"):
        assert width(found, row) == pytest.approx(width(plain, row), rel=0.15)
        assert width(naive, row) < 0.7 * width(plain, row)
