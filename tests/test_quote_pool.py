from nps_nlp.classify.annotate import Answer, Statement
from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.quote_pool import QUOTES_KEPT, REQUEST, best, collect
from nps_nlp.tally import category
from tests.conftest import make_survey


def said(sentiment: str, intent: str, *themes: str) -> Statement:
    return Statement(0, 8, "en", sentiment, 0.9, intent, themes, (0.9,) * len(themes), ())


def pools_of(*answers: Answer, full=None) -> dict:
    survey = make_survey([(9, a.text, "a", "2026-01-05") for a in answers])
    return collect(full or {}, survey, answers, ["2026-01"] * len(answers), category)


def test_a_statement_speaks_for_each_of_its_themes_on_its_side():
    pools = pools_of(Answer(0, "why", "dear and slow", (said("negative", "complaint", "price", "speed"),)))
    assert set(pools) == {("price", "negative", 1), ("speed", "negative", 1)}
    assert pools["price", "negative", 1][0].text == "dear and slow"


def test_a_mixed_statement_is_evidence_for_neither_side():
    assert pools_of(Answer(0, "why", "good but dear", (said("mixed", "none", "price"),))) == {}


def test_a_request_is_kept_as_such_beside_its_side_and_also_without_a_theme():
    pools = pools_of(
        Answer(0, "why", "please open on Sundays", (said("neutral", "suggestion", "hours"),)),
        Answer(1, "why", "please play less music", (said("negative", "suggestion"),)),
    )
    assert set(pools) == {("hours", "neutral", 1), ("hours", REQUEST, 1), (UNMENTIONED, REQUEST, 1)}
    assert [q.text for q in pools[UNMENTIONED, REQUEST, 1]] == ["please play less music"]


def test_a_later_chunk_changes_a_full_pool_only_where_it_has_something_better():
    first = pools_of(
        *(Answer(k, "why", f"the queue was long, {k}", (said("negative", "complaint", "speed"),)) for k in range(60))
    )
    pool = first["speed", "negative", 1]
    assert len(pool) == QUOTES_KEPT
    more = [
        Answer(k, "why", f"the queue was so long, {k}", (said("negative", "complaint", "speed"),)) for k in range(60)
    ]
    later = pools_of(*more, full=first)["speed", "negative", 1]
    everything = pools_of(*more)["speed", "negative", 1]
    assert later == best([*pool, *everything])
    assert later != pool


def test_unsure_and_overlong_quotes_come_last():
    short = Answer(0, "why", "the till was slow", (said("negative", "complaint", "speed"),))
    unsure = Answer(
        1, "why", "the till, hm, slow?", (said("negative", "complaint", "speed")._replace(sentiment_confidence=0.4),)
    )
    long = Answer(2, "why", "the till was slow. " * 30, (said("negative", "complaint", "speed"),))
    assert pools_of(long, unsure, short)["speed", "negative", 1][0].text == short.text
