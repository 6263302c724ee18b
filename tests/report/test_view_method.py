import pandas as pd

from nps_nlp import analyze
from nps_nlp.report.view_method import _decisions
from nps_nlp.report.words import load_words


def test_a_companion_question_is_not_among_the_columns_that_are_not_used():
    rows = [(k % 11, f"レジが遅い{k}", ("満足", "不満", "とても満足")[k % 3], f"{k}番") for k in range(60)]
    analysis = analyze(pd.DataFrame(rows, columns=["NPS", "理由", "総合満足度", "整理券"]), model="fast")
    assert [r.heading for r in analysis.scorecard.companions.itertuples()] == ["総合満足度"]
    used, unused = ([line[0] for line in part] for part in _decisions(analysis.settings, load_words("ja")))
    assert "総合満足度" in used
    assert unused == ["整理券"]
