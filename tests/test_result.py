import pandas as pd
import pytest

from nps_nlp import analyze, demo_path
from nps_nlp.errors import InputError


def test_quotes_of_a_theme_that_is_not_there_are_refused_with_those_that_are():
    analysis = analyze(demo_path("en"), model="fast")
    first = analysis.drivers["id"].iloc[0]
    assert set(analysis.quotes(first, polarity="negative")["polarity"]) == {"negative"}
    with pytest.raises(InputError, match=r"theme 'acess' .* access"):
        analysis.quotes("acess")
    with pytest.raises(InputError, match="negative, positive"):
        analysis.quotes("access", polarity="bad")
    with pytest.raises(InputError, match="promoter, passive"):
        analysis.quotes("access", category="detractors")


def test_differences_are_drawn_by_people_where_these_are_known():
    said = ["対応が遅い", "店員が親切", "価格が高い", "品揃えが良い"]
    rows = [
        (f"m{k}", (2, 9, 5, 10)[k % 4], said[k % 4], date, "東" if k % 3 else "西")
        for k in range(40)
        for date in ["2026-01-10"] * 3 + ["2026-02-10"] * 3
    ]
    table = pd.DataFrame(rows, columns=["会員ID", "NPS", "理由", "回答日", "店"])
    roles = {"comments": ["理由"], "date": "回答日", "segments": ["店"], "model": "fast"}
    found = [
        analyze(t, **roles, **r) for t, r in ((table, {"respondent": "会員ID"}), (table.drop(columns="会員ID"), {}))
    ]
    for of in ("difference", "composition"):
        by_people, by_answers = (
            a.difference("2026-02") if of == "difference" else a.composition("店", "2026-02") for a in found
        )
        assert by_people.difference == by_answers.difference == 0
        # Everybody says the same in both months: nobody else could have made a difference.
        assert by_people.ci_high - by_people.ci_low == pytest.approx(0, abs=1e-9)
        assert by_answers.ci_high - by_answers.ci_low > 20
    assert found[1].people is None
    assert {"people", "design_effect"} <= set(found[0].trend) & set(found[0].segments)
    assert not {"people", "design_effect"} & (set(found[1].trend) | set(found[1].segments))
