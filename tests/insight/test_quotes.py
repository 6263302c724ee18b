from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.insight.quotes import choose, quote_table
from nps_nlp.quote_pool import Quote
from nps_nlp.tally import Tally


def quote(text, tier=0):
    return Quote(tier, text, "f.csv", 1, text, 0, len(text), "why", 3, "2026-01", (("plan", "a"),))


def test_quotes_that_say_the_same_are_shown_once():
    chosen = choose([quote("駐車場が狭いです"), quote("駐車場が狭いです。"), quote("待ち時間が長すぎる")], 5)
    assert len(chosen) == 2


def test_the_typical_quote_comes_before_the_odd_one():
    pool = [
        quote(t)
        for t in (
            "駐車場が狭くて停めにくい",
            "駐車場が満車で停められない",
            "駐車場まで遠い",
            "宇宙人に会えなかった",
        )
    ]
    assert choose(pool, 4)[-1].text == "宇宙人に会えなかった"


@given(st.lists(st.text(min_size=1, max_size=30), max_size=15, unique=True))
def test_the_choice_does_not_depend_on_the_order_of_the_pool(texts):
    pool = [quote(t) for t in texts]
    assert choose(pool, 5) == choose(pool[::-1], 5)


def test_table_names_theme_polarity_category_and_evidence():
    table = quote_table(Tally(quotes={("price", "negative", -1): [quote("高い")]}), ["price"])
    row = table.iloc[0]
    assert (row["theme"], row["polarity"], row["category"], row["rank"]) == (
        "price",
        "negative",
        "detractor",
        1,
    )
    assert row["text"][row["start"] : row["end"]] == "高い"
    assert row["segments"] == {"plan": "a"}
