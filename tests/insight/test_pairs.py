from collections import Counter

import numpy as np
import pandas as pd
import pytest

from nps_nlp.insight import (
    cells,
    change_points,
    count_groups,
    crosstab,
    month_levels,
    scan_segments,
    score_change,
    segment_themes,
    theme_alerts,
    theme_trend,
    trend_table,
)
from nps_nlp.insight.changes import share_change
from nps_nlp.insight.pairs import Voices
from nps_nlp.insight.people import People
from nps_nlp.insight.scan import _influence
from nps_nlp.tally import NEGATIVE, POSITIVE, Tally

THEMES = ("price", "speed")
MONTHS = ["2026-01", "2026-02", "2026-03"]


class Survey:
    """Answers that are alike within a person, raw, counted, and of those with more than one."""

    def __init__(self, seed, people=90, answers=400, home=False):
        rng = np.random.default_rng(seed)
        self.who = rng.integers(0, people, answers)
        mood, taste = rng.normal(0, 1, people)[self.who], rng.normal(0, 1, (people, 2))[self.who]
        self.score = np.clip(np.round(7 + 2 * mood + rng.normal(0, 1, answers)), 0, 10).astype(int)
        self.states = (taste + rng.normal(0, 0.7, taste.shape) > 0.6) * np.where(
            rng.random(taste.shape) < 1 / (1 + np.exp(mood))[:, None], NEGATIVE, POSITIVE
        )
        # At home, everybody keeps to a shop and a month.
        self.shop = rng.choice(list("abc"), people)[self.who] if home else rng.choice(list("abc"), answers)
        self.month = rng.choice(MONTHS, people)[self.who] if home else rng.choice(MONTHS, answers)
        said = [tuple((t, int(s)) for t, s in zip(THEMES, row, strict=True) if s) for row in self.states]
        scores = self.score.tolist()
        rows = list(zip(self.shop.tolist(), self.month.tolist(), scores, said, strict=True))
        writers = Counter((*group, m, s) for v, m, s, _ in rows for group in (("", ""), ("shop", v)))
        self.tally = Tally(
            responses=writers,
            writers=writers.copy(),
            patterns=Counter((m, s, p) for _, m, s, p in rows),
            mentions=Counter((*g, *mark, s) for v, _, s, p in rows for mark in p for g in (("", ""), ("shop", v))),
        )
        again = np.flatnonzero(np.bincount(self.who)[self.who] > 1)
        months, groups = self.month[again].tolist(), {"shop": self.shop[again].tolist()}
        mine = [said[row] for row in again]
        self.people = People(self.who[again], self.score[again], mine, np.ones(len(again)), months, groups)

    def hits(self, theme, polarity):
        return (self.states[:, THEMES.index(theme)] & polarity > 0).astype(float)

    def more(self, influence):
        """Return the products of the influences of different answers of one person, one person after the other."""
        total = 0.0
        for person in np.unique(self.who):
            mine = influence[self.who == person]
            total += np.outer(mine, mine).sum() - (mine**2).sum()
        return total

    def effect(self, inside, hits, base):
        """Return the design effect of the difference of two shares, from the raw answers."""
        share = hits[base].mean()
        n, m = (base & inside).sum(), (base & ~inside).sum()
        influence = base * (hits - share) * np.where(inside, 1 / n, -1 / m)
        return max(1.0, 1 + self.more(influence) / (share * (1 - share) * (1 / n + 1 / m)))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_effects_on_shares_are_those_of_raw_answers(seed):
    survey = Survey(seed)
    table = theme_trend(survey.tally, THEMES, survey.people.writing()).set_index(["period", "theme"])
    everybody = np.ones(len(survey.who), dtype=bool)
    for theme in THEMES:
        said = survey.hits(theme, 7)
        wanted = {
            "mentions": (said, everybody),
            "positive": (survey.hits(theme, POSITIVE), everybody),
            "negative": (survey.hits(theme, NEGATIVE), everybody),
            "negativity": (survey.hits(theme, NEGATIVE), said > 0),
        }
        for name, (hits, base) in wanted.items():
            for month in MONTHS[1:]:
                expected = survey.effect(survey.month >= month, hits, base)
                assert table.loc[(month, theme), f"design_effect_{name}"] == pytest.approx(expected)
    assert (table.loc[MONTHS[0]].filter(like="design_effect") == 1).all(axis=None)


def test_the_effects_on_impacts_are_those_of_raw_answers():
    survey = Survey(3)
    said, writers, pairs = count_groups(survey.tally, THEMES, survey.people.writing())
    side = (survey.score >= 9) * 1.0 - (survey.score <= 6)
    marks = [(t, p) for t in THEMES for p in (NEGATIVE, POSITIVE)]
    whole, all_said = (sum(part["shop"].values()) for part in (writers, said))

    def influence(inside, others):
        left = inside & others
        change = (side - side[inside].mean()) / inside.sum()
        return 100 * np.where(inside, change - others * (side - side[left].mean()) / left.sum(), 0)

    for at, shop in enumerate("abc"):
        here = writers["shop"][shop], said["shop"][shop][:, :, 1:]
        rest = whole - here[0], all_said[:, :, 1:] - here[1]
        found = pairs["shop"].only(at).more(_influence(*here)[None], _influence(*rest)[None])[0]
        inside = survey.shop == shop
        for mark, value in zip(marks, found, strict=True):
            others = survey.hits(*mark) == 0
            assert value == pytest.approx(survey.more(influence(inside, others) - influence(~inside, others)))


def test_a_crosstab_by_people_widens_as_raw_answers_do():
    survey = Survey(4)
    tested = [crosstab(cells(survey.tally, THEMES, p)) for p in (None, survey.people.writing())]
    every = np.ones(len(survey.who), dtype=bool)
    side = (survey.score >= 9) * 1 - (survey.score <= 6)
    for row, (_, plain) in enumerate(tested[0].iterrows()):
        inside = side == {"promoter": 1, "passive": 0, "detractor": -1}[plain["category"]]
        effect = survey.effect(inside, survey.hits(plain["theme"], 7), every)
        p = tested[1].loc[row, "p"]
        assert p == pytest.approx(plain["p"]) if effect == 1 else p > plain["p"]


def test_order_and_unknown_themes_of_the_answers_do_not_matter():
    survey = Survey(5)
    people = survey.people.writing()
    order = np.random.default_rng(1).permutation(len(people.who))
    shuffled = People(
        people.who[order], people.score[order], [(("other", 1), *people.said[k]) for k in order], people.weight[order],
        [people.period[k] for k in order], {"shop": [people.groups["shop"][k] for k in order]},
    )  # fmt: skip
    first, second = (
        segment_themes(survey.tally, THEMES, counted=count_groups(survey.tally, THEMES, p)) for p in (people, shuffled)
    )
    assert first["p"].tolist() == pytest.approx(second["p"].tolist())
    trends = [theme_trend(survey.tally, THEMES, p).filter(like="design") for p in (people, shuffled)]
    assert trends[0].to_numpy() == pytest.approx(trends[1].to_numpy())
    assert Voices.of(survey.tally, THEMES, None) is None


def test_without_people_every_table_is_as_it_was():
    survey = Survey(6)
    assert list(theme_trend(survey.tally, THEMES)) == [
        "period", "theme", "writers", "mentions", "positive", "negative", "share_mentions", "share_negative",
        "share_positive",
    ]  # fmt: skip
    assert count_groups(survey.tally, THEMES)[2] == {}
    trend = trend_table(survey.tally, 0.95)
    assert month_levels(survey.tally, None) is None
    assert change_points(trend).equals(change_points(trend, None))


def alarms(survey, people):
    months = theme_trend(survey.tally, THEMES, people)
    counted = count_groups(survey.tally, THEMES, people)
    levels, trend = month_levels(survey.tally, people), trend_table(survey.tally, 0.95)
    shares = segment_themes(survey.tally, THEMES, counted=counted)
    return {
        "shares": (shares["p"] < 0.05).mean(),
        "scan": (scan_segments(survey.tally, THEMES, counted=counted).table["p"] < 0.05).mean(),
        "alerts": (theme_alerts(survey.tally, THEMES, trend=months)["p"] < 0.05).mean(),
        "since": np.mean([share_change(months[months["theme"] == t], "negative").p < 0.05 for t in THEMES]),
        "score": score_change(trend, levels).p < 0.05,
        "points": len(change_points(trend, levels)) > 0,
    }


def test_false_alarms_where_people_answer_again_and_again():
    """By `benchmarks/repeated_answers.py`; here fewer surveys, and people who keep to a shop and a month."""
    found = {"answers": [], "people": []}
    for seed in range(20):
        survey = Survey(seed, people=120, answers=480, home=True)
        for name, people in (("answers", None), ("people", survey.people.writing())):
            found[name].append(alarms(survey, people))
    by_answers, by_people = (pd.DataFrame(rates).astype(float).mean() for rates in found.values())
    assert (by_answers[["shares", "scan", "score", "points"]] > 0.12).all()
    assert (by_answers > 2 * by_people).all()
    assert by_people.max() < 0.08


def test_the_same_people_in_every_month_show_a_small_change():
    """Nobody is new: what differs between people is no noise between months."""
    rng = np.random.default_rng(1)
    mood = rng.normal(7.5, 2.2, 100)
    tally, who, scores, periods = Tally(), [], [], []
    for at in range(6):
        month = f"2026-{at + 1:02d}"
        score = np.clip(np.round(mood + 0.45 * (at >= 3) + rng.normal(0, 0.4, 100)), 0, 10).astype(int)
        tally.responses.update(Counter(("", "", month, int(s)) for s in score))
        who.append(np.arange(100)), scores.append(score), periods.extend([month] * 100)
    people = People(np.concatenate(who), np.concatenate(scores), [None] * 600, np.ones(600), periods)
    trend, levels = trend_table(tally, 0.95), month_levels(tally, people)
    assert change_points(trend).empty
    found = change_points(trend, levels)
    assert found["since"].tolist() == ["2026-04"]
    assert found["ci_low"].item() > 0
    assert score_change(trend, levels).p < 0.01 < score_change(trend).p
