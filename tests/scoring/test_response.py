import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.scoring import response_rate, wilson_interval


def test_rates_and_published_wilson_limits():
    # 81 of 263: the example of Newcombe (1998), method 3: 0.2553 to 0.3662.
    result = response_rate(263, 81)
    assert result.rate.share == pytest.approx(81 / 263)
    assert (round(result.rate.ci_low, 4), round(result.rate.ci_high, 4)) == (0.2553, 0.3662)
    assert result.rate_of_delivered is None
    assert result.delivery is None


def test_the_delivered_give_the_larger_rate():
    result = response_rate(1000, 120, delivered=960, confidence=0.9)
    assert result.rate.share == 0.12
    assert result.rate_of_delivered.share == 0.125
    assert result.delivery.share == 0.96
    low, high = wilson_interval(120, 960, 0.9)
    assert (result.rate_of_delivered.ci_low, result.rate_of_delivered.ci_high) == (float(low), float(high))
    assert "90 % CI" in result.en
    assert "到達960件に対しては12.5%" in result.ja


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), st.integers(0, 5000))
def test_rr1_is_never_above_rr5_and_lies_in_its_interval(counts, bounced):
    sent, answered = counts
    delivered = max(answered, sent - bounced)
    result = response_rate(sent, answered, delivered=delivered)
    assert 0 <= result.rate.ci_low <= result.rate.share + 1e-12
    assert result.rate.share - 1e-12 <= result.rate.ci_high <= 1
    if delivered:
        assert result.rate.share <= result.rate_of_delivered.share
    else:
        assert result.rate_of_delivered is None
    json.dumps(result.to_dict())


@pytest.mark.parametrize(
    ("sent", "answered", "delivered"),
    [(0, 0, None), (10, 11, None), (10, 5, 4), (10, 5, 11), (-1, 0, None), (10, 2.5, None), (float("nan"), 1, None)],
)
def test_counts_that_cannot_be_are_refused(sent, answered, delivered):
    with pytest.raises(ValueError, match="response_rate"):
        response_rate(sent, answered, delivered=delivered)
