import json

import numpy as np
import pandas as pd
import pytest

from nps_nlp import analyze


def test_people_who_answered_twice_are_counted_and_said():
    table = pd.DataFrame(
        {"会員ID": [f"m{k % 60}" for k in range(120)], "NPS": [9, 3] * 60, "理由": ["対応が遅い"] * 120}
    )
    analysis = analyze(table, respondent="会員ID")
    assert (analysis.repeated.answers, analysis.repeated.respondents, analysis.repeated.most) == (120, 60, 2)
    assert analysis.repeated.design_effect == pytest.approx(2, rel=0.05)
    assert "120 件は 60 人によるもの" in analysis.to_html(language="ja")
    assert json.loads(analysis.to_json())["repeated_answers"]["repeating"] == 60
    once = analyze(table.drop_duplicates("会員ID"), respondent="会員ID")
    assert once.repeated is None
    assert "repeated_answers" not in json.loads(once.to_json())


def test_short_ids_of_two_files_are_not_the_same_people(tmp_path):
    for name in ("a.csv", "b.csv"):
        rows = "\n".join(f"{k},{k % 11},対応が遅い" for k in range(1, 40))
        (tmp_path / name).write_text(f"会員ID,NPS,理由\n{rows}\n", "utf-8")
    assert analyze(tmp_path, respondent="会員ID").repeated is None
    assert analyze(tmp_path, respondent="会員ID", waves="file").repeated.repeating == 39


def members(weight=None) -> pd.DataFrame:
    """Forty members with three answers each, all alike, and forty strangers without a number."""
    said = ["対応が遅い", "店員が親切", "価格が高い", "品揃えが良い"]
    rows = [(f"m{k}", (2, 9, 5, 10)[k % 4], said[k % 4]) for k in range(40)] * 3
    rows += [("", (3, 8, 10)[k % 3], said[k % 4]) for k in range(40)]
    table = pd.DataFrame(rows, columns=["会員ID", "NPS", "理由"])
    return table if weight is None else table.assign(ウェイト=weight)


def test_themes_are_drawn_by_people_however_the_answers_are_read():
    table = members()
    as_people = analyze(table, respondent="会員ID", comments=["理由"], model="fast")
    again = analyze(table, respondent="会員ID", comments=["理由"], model="fast", chunk_rows=7)
    assert as_people.to_json() == again.to_json()
    as_answers = analyze(table.drop(columns="会員ID"), comments=["理由"], model="fast")
    pd.testing.assert_series_equal(as_people.themes["impact"], as_answers.themes["impact"])
    for name in ("impact", "contribution"):
        widths = [a.themes[f"{name}_ci_high"] - a.themes[f"{name}_ci_low"] for a in (as_people, as_answers)]
        seen = as_answers.themes["shown"]
        assert (widths[0][seen] > 1.2 * widths[1][seen]).all()
    assert as_people.depth.importance.r2_ci_low < as_answers.depth.importance.r2_ci_low
    # Scores are still those of answers; the interval by people stands beside.
    assert as_people.nps.ci_low == as_answers.nps.ci_low
    assert "人を単位にした95%区間" in as_people.to_html(language="ja")
    assert "人を単位にした" not in as_answers.to_html(language="ja")


def test_equal_weights_and_no_weights_draw_the_same_people():
    plain = analyze(members(), respondent="会員ID", comments=["理由"], model="fast")
    equal = analyze(members(weight=2.5), respondent="会員ID", comments=["理由"], weight="ウェイト", model="fast")
    pd.testing.assert_frame_equal(plain.themes, equal.themes)
    weighted = analyze(
        members(weight=np.tile([0.5, 1.5], 80)), respondent="会員ID", comments=["理由"], weight="ウェイト", model="fast"
    )
    assert weighted.themes.loc[weighted.themes["shown"], "impact_ci_low"].notna().all()


@pytest.mark.parametrize("ids", ["same", "none"])
def test_one_person_or_nobody_known_breaks_nothing(ids):
    table = members().assign(会員ID="m1" if ids == "same" else "")
    found = analyze(table, respondent="会員ID", comments=["理由"], model="fast")
    assert (found.repeated is None) == (ids == "none")
    assert found.themes["impact"].notna().any()
