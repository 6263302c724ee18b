"""The findings in plain words: every number from the tables, nothing claimed that is not beyond chance."""

from __future__ import annotations

import pytest

from nps_nlp.report.sentences import finding
from nps_nlp.report.tables import Names, records
from nps_nlp.report.words import load_words


@pytest.fixture
def names(en):
    return Names.of(en, load_words("en"))


def test_the_main_driver_with_size_shares_since_and_who(en, names):
    found = finding(records(en.drivers), "negative", names, "95%")
    assert found.heading == "Reliability holds the score down most"
    assert found.amount == "−12.0 points"
    assert found.interval == "95% interval −16.0 to −8.5"
    assert found.body == (
        "32% of detractors complain about it, against 4% of promoters. "
        "Complaints rose from July 2026 on: 9% of writers before, 33% since. "
        "Complaints are most frequent among “Standard” (Plan): 31% of writers, against 14% of the rest. "
        "Next: Ease of use (−7.8), Speed and waiting (−5.5)."
    )


def test_in_japanese(ja):
    found = finding(records(ja.drivers), "negative", Names.of(ja, load_words("ja")), "95%")
    assert found.heading == "最もスコアを下げているのは「不具合・安定性」への不満"
    assert found.body.startswith(
        "批判者の 32% がこのテーマへの不満を書いています（推奨者では 4%）。"
        "不満を書いた人の割合は 2026年7月から上がりました（9% → 33%）。"
    )


def test_an_interval_that_holds_zero_is_not_a_finding(en, names):
    rows = [r | {"impact_negative_ci_high": 0.4} for r in records(en.drivers)]
    found = finding(rows, "negative", names, "95%")
    assert found.heading == "No theme holds the score down beyond what chance could explain"
    assert found.body.startswith("The largest is Reliability (−12.0 points, 95% interval −16.0 to +0.4)")
    assert not found.amount


def test_a_large_q_is_not_a_finding_either(en, names):
    rows = [r | {"q_positive": 0.2} for r in records(en.strengths)]
    assert finding(rows, "positive", names, "95%").heading.startswith("No theme lifts the score beyond")


def test_nothing_to_say(names):
    assert finding([], "negative", names, "95%").heading == "No theme with enough mentions holds the score down"
