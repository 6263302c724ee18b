from collections import Counter

import pytest

from nps_nlp.insight import disagreement_table, question_table, term_table
from nps_nlp.tally import NEGATIVE, NEUTRAL, POSITIVE, Tally


def test_terms_are_ranked_within_theme_and_polarity_and_rare_ones_left_out():
    tally = Tally(
        terms=Counter(
            {
                ("access", "negative", "駐車場"): 9,
                ("access", "negative", "バス"): 12,
                ("access", "negative", "一度"): 1,
                ("access", "neutral", "道"): 40,
            }
        )
    )
    assert term_table(tally, ["access"])[["term", "count"]].to_numpy().tolist() == [
        ["バス", 12],
        ["駐車場", 9],
    ]


def test_every_comment_column_has_a_row_also_without_answers():
    tally = Tally(
        statements=Counter({("why", "ja", "positive", "praise"): 3, ("why", "ja", "neutral", "none"): 1}),
        answers=Counter({("why", "answer"): 3, ("why", "filler"): 2}),
    )
    table = question_table(tally, ["why", "wish"]).set_index("heading")
    assert table.loc["why", ["answers", "fillers", "positive", "neutral"]].tolist() == [3, 2, 3, 1]
    assert table.loc["wish"].sum() == 0


def test_sentiment_and_score_that_disagree_are_shown():
    tally = Tally(
        moods=Counter({(2, POSITIVE): 3, (2, NEGATIVE | NEUTRAL): 9, (10, NEGATIVE | POSITIVE): 4, (10, NEUTRAL): 1})
    )
    table = disagreement_table(tally).set_index(["category", "sentiment"])
    assert table.loc[("detractor", "positive"), "share"] == pytest.approx(0.25)
    assert table.loc[("detractor", "negative"), "respondents"] == 9
    assert table.loc[("promoter", "mixed"), "share"] == pytest.approx(0.8)
    assert table.loc[("promoter", "neutral"), "respondents"] == 1
