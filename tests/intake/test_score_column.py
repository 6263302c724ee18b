from __future__ import annotations

from collections import Counter

import pytest

from nps_nlp.intake.profile import Sample, describe_all
from nps_nlp.intake.score_column import (
    candidates,
    check_everywhere,
    check_sample,
    check_scale,
    choose_scores,
    count_numbers,
)
from tests.intake.samples import refusal

TEN = [str(i % 11) for i in range(66)]


def both(*files):
    """Choose the score columns of files given as dicts of heading → cells: those chosen and those as good."""
    samples = [Sample(f"{chr(97 + i)}.csv", cells) for i, cells in enumerate(files)]
    profiles = describe_all(samples, {})
    chosen, others = choose_scores(candidates(profiles), profiles, {s.path: s.cells.keys() for s in samples})
    return [c.heading for c in chosen], [c.heading for c in others]


def choose(*files):
    return both(*files)[0]


@pytest.mark.parametrize(
    "heading",
    [
        "NPS",
        "N.P.S.",
        "Net Promoter Score",
        "How likely are you to recommend us to a friend?",
        "友人や同僚にすすめる可能性は？（0〜10）",
        "推奨度",
        "知人に紹介したいと思いますか",
        "おすすめ度",
        "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
        "Quelle est la probabilité que vous nous recommandiez ?",
        "¿Qué probabilidad hay de que nos recomiende?",
        "score",
        "点数",
        "0~10でお答えください",
        "Q7",
    ],
)
def test_one_column_is_found_by_name_or_contents(heading):
    assert choose({heading: TEN, "年齢": [str(20 + i % 50) for i in range(66)]}) == [heading]


def test_a_named_column_beats_one_that_only_fits():
    assert choose({"滞在時間": TEN, "総合スコア": TEN, "NPS": TEN}) == ["NPS"]
    assert choose({"滞在時間": TEN, "総合スコア": TEN}) == ["総合スコア"]


def test_labels_and_odd_digits_are_scores():
    assert choose({"NPS": ["10 - 非常に", "９", "0 - まったく", "5.0", "n/a", ""] * 10}) == ["NPS"]


@pytest.mark.parametrize("cells", [["9"], ["7"] * 40, ["0"] * 40, ["1"] * 40, ["10", "10"]])
def test_one_respondent_or_one_value_is_enough(cells):
    assert choose({"NPS": cells, "理由": ["良い"] * len(cells)}) == ["NPS"]


def test_no_score_column():
    message = refusal(lambda: choose({"年齢": [str(20 + i) for i in range(50)], "理由": ["良い"] * 50}))
    assert message == (
        "a.csv: no column with 0–10 answers was found; name it with --score (the columns are '年齢', '理由')."
    )


def test_the_nearest_column_is_named():
    message = refusal(lambda: choose({"推奨度": ["すすめる", "すすめない", "どちらでもない"] * 20}))
    assert "the nearest by name is '推奨度', whose answers are 'すすめる', 'すすめない', 'どちらでもない'" in message


def test_yes_or_no_is_no_score():
    assert "no column" in refusal(lambda: choose({"Would you recommend us?": ["0", "1", "1"] * 20}))


def test_of_several_that_ask_for_the_recommendation_one_is_taken_and_the_others_are_told():
    assert both({"推奨度（本体）": TEN, "推奨度（サポート）": TEN}) == (["推奨度（本体）"], ["推奨度（サポート）"])
    assert both({"NPS 2023": [*TEN[:30], *[""] * 36], "NPS 2024": TEN})[0] == ["NPS 2024"]
    assert both({"NPS shop": TEN, "NPS overall": TEN})[0] == ["NPS overall"]
    assert both({"NPS 2025": TEN, "NPS 2026": TEN}) == (["NPS 2026"], ["NPS 2025"])
    assert both({"推奨度（第2回）": TEN, "推奨度（第10回）": TEN, "推奨度（第3回）": TEN})[0] == ["推奨度（第10回）"]
    assert both({"NPS": TEN, "NPS 2025": TEN})[0] == ["NPS"]
    assert both({"NPS A": TEN}, {"NPS A": TEN, "NPS overall": TEN}) == (["NPS A"], ["NPS overall"])


def test_of_several_scores_of_anything_the_user_must_choose():
    message = refusal(lambda: choose({"本体のスコア": TEN, "窓口のスコア": TEN}))
    assert message == (
        "a.csv: 2 columns could hold the 0–10 score, '本体のスコア' and '窓口のスコア'; choose one with --score."
    )


def test_a_renamed_column_is_found_in_its_own_file():
    assert choose({"NPS": TEN}, {"推奨度": TEN}, {"NPS": TEN}) == ["NPS", "推奨度"]
    assert choose({"推奨度": TEN}, {"NPS": TEN}, {"NPS": TEN}) == ["NPS", "推奨度"]


def test_a_nameless_column_is_not_taken_beside_files_that_name_it():
    message = refusal(lambda: choose({"NPS": TEN}, {"Q7": TEN}))
    assert message.startswith("b.csv: the score column 'NPS' of the other files is missing here; rename")


def test_a_file_without_any_score_is_named():
    assert "b.csv: no column with 0–10 answers" in refusal(lambda: choose({"NPS": TEN}, {"理由": ["良い", "悪い"]}))


def test_a_named_column_must_be_in_every_file():
    message = refusal(lambda: check_everywhere("NPS", {"a.csv": ["NPS"], "b.csv": ["理由"]}))
    assert message.startswith("b.csv: the score column 'NPS' of the other files is missing here")


def test_answers_in_the_first_row():
    assert "the first row seems to hold answers ('7' above the scores)" in refusal(
        lambda: choose({"7": TEN, "良い": ["x"] * 66})
    )


def test_a_five_point_scale_under_a_strong_name():
    five = [str(i % 5 + 1) for i in range(60)]
    for answers in (five, five[:20]):
        said = refusal(lambda answers=answers: choose({"How likely are you to recommend us?": answers}))
        assert f"holds only 1 to 5 in {len(answers)} answers, which looks like a scale of 5 points" in said
        assert "--score" in said
        assert "--break-points 3,5" in said


def test_a_short_scale_without_a_name_is_named_in_the_refusal():
    five = [str(i % 5 + 1) for i in range(60)]
    assert "'q1' holds only 1 to 5 in 60 answers" in refusal(lambda: choose({"q1": five, "q2": ["a"] * 60}))


def test_a_scale_without_zero_is_mentioned():
    found = candidates(describe_all([Sample("a", {"NPS": [str(i % 10 + 1) for i in range(100)]})], {}))
    assert "none of 100 is 0: is the scale 1–10?" in found["NPS"].decision().reason
    found = candidates(describe_all([Sample("a", {"NPS": TEN})], {}))
    assert found["NPS"].decision().reason == "its name and contents: 100% of the cells are whole numbers 0–10"


# --- the scale --------------------------------------------------------------------------------------------


def scale(*numbers):
    return refusal(lambda: check_scale("a.csv", "NPS", Counter(numbers)))


def test_other_scales_are_refused_and_named():
    assert "holds the values 1–11, which look like a 0–10 scale counted from 1, expected" in scale(*range(1, 12))
    assert "holds values from 0 to 100, which look like a 0–100 scale" in scale(*range(0, 101, 10))
    assert "holds values from -50 to 10" in scale(-50, -3, 10)
    assert "holds decimals such as 7.5, which look like averages" in scale(7.5, 8.25, 9)
    assert "holds values from 12 to 12" in scale(12)


def test_single_slips_are_left_to_the_quarantine():
    check_scale("a.csv", "NPS", Counter({9.0: 990, 0.0: 1, 11.0: 10, 7.5: 9}))
    check_scale("a.csv", "NPS", Counter({9.0: 5, 0.0: 3, 99.0: 1}))
    check_scale("a.csv", "NPS", Counter())
    check_scale("a.csv", "NPS", Counter({0.0: 1}))


def test_more_than_two_percent_is_another_scale():
    assert "values from 9 to 50" in refusal(lambda: check_scale("a.csv", "NPS", Counter({9.0: 970, 50.0: 30})))


def test_eleven_again_and_again_is_a_scale_from_one_even_where_it_is_rare():
    assert "counted from 1" in refusal(lambda: check_scale("a.csv", "NPS", Counter({5.0: 990, 11.0: 5})))
    check_scale("a.csv", "NPS", Counter({5.0: 990, 11.0: 4}))
    check_scale("a.csv", "NPS", Counter({0.0: 1, 5.0: 990, 11.0: 9}))


def test_numbers_are_counted_on_any_scale():
    assert count_numbers({"9": 2, "９点": 1, "100": 3, "x": 5, "": 4}) == {9: 3, 100: 3}


def test_a_column_without_numbers():
    message = refusal(lambda: check_sample("a.csv", "NPS", ["すすめる", "", "すすめる"], "0-10"))
    assert (
        "column 'NPS' holds no numbers but answers such as 'すすめる', expected whole numbers from 0 to 10" in message
    )
    check_sample("a.csv", "NPS", ["", ""], "0-10")
    check_sample("a.csv", "NPS", ["推奨者"], "groups")
