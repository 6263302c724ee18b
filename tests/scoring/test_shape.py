import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.scoring import break_point_table, centre_note, distribution, nps_of_scores, shape_summary

counts11 = st.lists(st.integers(0, 200), min_size=11, max_size=11).filter(any)
# Answers 0 to 10 of the Fukui visitor survey (CC BY 4.0, Fukui Tourism Federation), 2022-04 to 2025-06.
FUKUI = [213, 339, 1105, 1698, 1713, 8664, 5426, 10807, 19620, 7972, 18795]
LOVED = [2, 1, 1, 2, 3, 6, 10, 60, 180, 250, 485]


@given(counts11)
def test_summary_is_that_of_the_single_answers(counts):
    answers = np.repeat(np.arange(11), counts)
    shape = shape_summary(counts)
    assert shape.n == len(answers)
    assert shape.mean == pytest.approx(answers.mean())
    assert shape.sd == pytest.approx(answers.std(), abs=1e-9)
    assert shape.mode == np.bincount(answers).argmax()
    assert shape.share_five == pytest.approx(np.mean(answers == 5))
    assert shape.share_middle == pytest.approx(np.mean((answers >= 4) & (answers <= 6)))
    assert shape.share_low == pytest.approx(np.mean(answers <= 3))
    assert shape.share_high == pytest.approx(np.mean(answers >= 9))


@given(counts11)
def test_first_break_points_are_the_nps_and_milder_ones_never_lower_it(counts):
    table = break_point_table(counts).set_index(["detractor_max", "promoter_min"])
    answers = np.repeat(np.arange(11), counts)
    plain = nps_of_scores(answers)
    assert table.loc[(6, 9), "nps"] == pytest.approx(plain.score)
    assert table.loc[(6, 9), "ci_low"] == pytest.approx(plain.ci_low)
    assert (table["difference"] >= -1e-9).all()
    assert table.loc[(4, 8), "nps"] == pytest.approx(100 * (np.mean(answers >= 8) - np.mean(answers <= 4)))


def test_break_points_out_of_order_are_refused():
    with pytest.raises(ValueError, match="low <= detractor_max < promoter_min <= high"):
        break_point_table(FUKUI, [(9, 6)])


def test_a_japanese_heap_at_five_is_noted():
    note = centre_note(FUKUI)
    assert note
    assert note.share_five == pytest.approx(8664 / 76352)
    assert note.detractors_in_middle == pytest.approx(15803 / 19158)
    assert note.score == pytest.approx(100 * (26767 - 19158) / 76352)
    assert note.score_middle_as_passive == pytest.approx(100 * (26767 - 3355) / 76352)


def test_the_note_says_its_numbers_in_both_languages():
    note = centre_note(FUKUI)
    for sentence in (note.en, note.ja):
        assert all(text in sentence for text in ("11", "21", "82", "+10.0", "+30.7"))


def test_a_wide_middle_without_a_heap_is_noted():
    assert centre_note([5, 10, 20, 60, 130, 150, 140, 90, 50, 20, 10])


@pytest.mark.parametrize(
    "counts",
    [
        LOVED,
        [100] * 11,  # 27 % in the middle, no heap: blind clicking
        [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],  # one answer proves nothing
        [0, 0, 0, 0, 1, 40, 1, 20, 300, 900, 1800],  # a heap of one answer in a hundred
        [50, 30, 20, 10, 2, 3, 2, 10, 60, 100, 200],  # polarised, a little bump at 5
        [300, 80, 60, 50, 40, 42, 41, 30, 20, 10, 5],  # plainly dissatisfied
    ],
)
def test_other_shapes_are_not_noted(counts):
    note = centre_note(counts)
    assert not note
    assert (note.en, note.ja) == ("", "")


def test_smooth_distributions_about_the_middle_of_promoters_are_rarely_called_heaps():
    rng = np.random.default_rng(2)
    samples = np.clip(np.rint(rng.normal(7.5, 2.0, size=(300, 300))), 0, 10)
    assert np.mean([centre_note(distribution(sample)).piles_up for sample in samples]) < 0.05


def test_no_detractors_leave_their_share_undefined():
    assert np.isnan(centre_note([0] * 7 + [5, 5, 5, 5]).detractors_in_middle)


@pytest.mark.parametrize("function", [shape_summary, break_point_table, centre_note])
@pytest.mark.parametrize(("counts", "message"), [([1] * 10, "needs 11 counts"), ([0] * 11, "nobody answered")])
def test_distributions_that_cannot_be_read(function, counts, message):
    with pytest.raises(ValueError, match=message):
        function(counts)


def test_weights_are_those_of_repeated_answers_and_change_what_piles_up():
    counts = np.array([5, 5, 5, 10, 20, 60, 20, 30, 40, 30, 20])
    times = np.array([1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1])
    weights = counts * times, counts * times**2
    again = shape_summary(counts * times)
    shape = shape_summary(counts, weights=weights)
    assert shape.n == counts.sum()
    assert (shape.mean, shape.sd, shape.share_five) == pytest.approx((again.mean, again.sd, again.share_five))
    table = break_point_table(counts, weights=weights)
    repeated = break_point_table(counts * times)
    assert table["nps"].to_list() == pytest.approx(repeated["nps"].to_list())
    assert (table["n"] == counts.sum()).all()
    assert (table["ci_high"] - table["ci_low"] > repeated["ci_high"] - repeated["ci_low"]).all()
    note, other = centre_note(counts, weights=weights), centre_note(counts * times)
    assert (note.share_five, note.score) == pytest.approx((other.share_five, other.score))
    # Those who chose 5 weigh next to nothing: they pile up among the answers, not in the population.
    assert centre_note(counts)
    assert not centre_note(
        counts, weights=(counts * np.where(times > 1, 0.1, 1), counts * np.where(times > 1, 0.01, 1))
    )


def test_equal_weights_change_nothing():
    counts = np.array(FUKUI)
    assert (centre_note(counts, weights=(counts, counts)).en) == centre_note(counts).en
    assert shape_summary(counts, weights=(2.5 * counts, 6.25 * counts)).mean == pytest.approx(
        shape_summary(counts).mean
    )


def test_few_who_weigh_much_are_no_pile():
    counts, one = np.array([2, 2, 2, 2, 3, 1, 3, 30, 40, 30, 20]), np.ones(11)
    one[5] = 8.0
    few, many = (centre_note(n * counts, weights=(n * counts * one, n * counts * one**2)) for n in (1, 1000))
    assert few.share_five == pytest.approx(many.share_five)
    assert many
    assert not few
