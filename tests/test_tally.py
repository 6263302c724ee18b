import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.classify import load_classifier
from nps_nlp.classify.annotate import Annotator, Answer, Statement
from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.intake.frame import SurveySource
from nps_nlp.quote_pool import QUOTES_KEPT
from nps_nlp.survey import Survey
from nps_nlp.tally import ALL, NEGATIVE, POSITIVE, WEIGHT_UNIT, Tally, category, tally
from tests.conftest import make_survey

ANNOTATOR = Annotator(load_classifier("fast"), load_taxonomy("tourism"))
COMMENTS = [
    "料理が美味しい",
    "料理が美味しかったが駐車場が狭い",
    "特になし",
    "",
    "接客が最悪",
    "Staff were lovely",
    "too expensive",
    "👍",
    "景色がきれい。トイレが汚い。",
]
ROWS = st.lists(
    st.tuples(
        st.integers(0, 10),
        st.sampled_from(COMMENTS),
        st.sampled_from(["a", "b", ""]),
        st.sampled_from(["2026-01-05", "2026-02-07", ""]),
    ),
    min_size=1,
    max_size=40,
)


def count(survey: Survey) -> Tally:
    return tally(survey, ANNOTATOR.annotate(survey))


@given(ROWS, st.integers(1, 12))
def test_tallies_of_any_split_add_up_to_the_tally_of_the_whole(rows, size):
    whole = count(make_survey(rows))
    absorbed = Tally()
    added, streamed = Tally(), Tally()
    for part in SurveySource(make_survey(rows)).chunks(size):
        absorbed.absorb(count(part))
        tally(part, ANNOTATOR.annotate(part), into=streamed)
        added = added + count(part)
    for name in (f.name for f in dataclasses.fields(Tally)):
        assert getattr(absorbed, name) == getattr(whole, name)
        assert getattr(streamed, name) == getattr(whole, name)
        assert getattr(added, name) == getattr(whole, name)


def test_every_response_is_counted_once_overall_and_once_a_segment():
    result = count(make_survey([(9, "", "a", "2026-01-05"), (3, "接客が最悪", "b", ""), (9, "", "a", "2026-01-05")]))
    assert result.responses[ALL, ALL, "2026-01", 9] == 2
    assert result.responses["group", "b", "", 3] == 1
    assert sum(result.responses.values()) == 2 * 3


def test_writers_are_those_with_an_answer_that_is_no_filler():
    result = count(make_survey([(9, "特になし", "a", ""), (3, "接客が最悪", "b", ""), (5, "", "b", "")]))
    assert sum(n for key, n in result.writers.items() if key[0] == ALL) == 1
    assert result.answers["comment", "filler"] == 1
    assert result.answers["comment", "answer"] == 1


def test_a_theme_that_is_praised_and_blamed_by_one_person_carries_both_marks():
    result = count(make_survey([(5, "料理は美味しい。でも料理の値段が高い。料理が冷めていてまずかった。", "a", "")]))
    ((_, score, pattern),) = result.patterns
    assert score == 5
    assert dict(pattern)["food"] == NEGATIVE | POSITIVE


def said(intent: str, *themes: str) -> Statement:
    return Statement(0, 8, "en", "neutral", 0.9, intent, themes, (0.9,) * len(themes), ())


def test_requests_are_counted_once_a_writer_with_the_themes_of_all_of_them():
    survey = make_survey([(9, "a b c", "a", ""), (3, "d", "a", ""), (8, "e", "a", "")])
    answers = [
        Answer(0, "comment", "a b", (said("suggestion", "price"), said("suggestion"))),
        Answer(0, "wish", "c", (said("suggestion", "hours", "price"), said("praise", "staff"))),
        Answer(1, "comment", "d", (said("complaint", "price"),)),
        Answer(2, "comment", "e", (said("suggestion"),)),
    ]
    assert tally(survey, answers).requests == {(9, ("hours", "price", UNMENTIONED)): 1, (8, (UNMENTIONED,)): 1}
    survey.responses["weight"] = [0.5, 1.0, 2.0]
    weighted = tally(dataclasses.replace(survey, columns=dataclasses.replace(survey.columns, weight="w")), answers)
    units = {key: [WEIGHT_UNIT * u, WEIGHT_UNIT**2 * squares] for key, (_, u, squares) in weighted.requests.masses()}
    assert units == {(9, ("hours", "price", UNMENTIONED)): [0.5, 0.25], (8, (UNMENTIONED,)): [2.0, 4.0]}


def test_quote_pools_hold_each_text_once_and_are_bounded():
    rows = [(2, f"駐車場が狭くて停められなかった{'。' * (i % 3)}{i // 3}回目", "a", "") for i in range(300)]
    pools = count(make_survey(rows)).quotes
    assert pools
    for pool in pools.values():
        assert len(pool) <= QUOTES_KEPT
        assert len({q.text for q in pool}) == len(pool)
        assert pool == sorted(pool)


@pytest.mark.parametrize(("score", "expected"), [(0, -1), (6, -1), (7, 0), (8, 0), (9, 1), (10, 1)])
def test_categories_have_the_break_points_of_the_nps(score, expected):
    assert category(score) == expected
