from nps_nlp.report.quotes import typical


def quote(rank: int, category: str, text: str) -> dict:
    return {"theme": "price", "polarity": "negative", "category": category, "rank": rank, "text": text}


def test_the_best_quote_of_those_it_is_about_stands_for_a_theme():
    quotes = [quote(1, "promoter", "a"), quote(2, "detractor", "b"), quote(1, "detractor", "c")]
    assert typical(quotes, "price", "negative")["text"] == "c"
    assert typical(quotes, "price", "positive") is None


def test_a_quote_that_stands_under_another_theme_is_not_shown_again():
    quotes = [quote(1, "detractor", "a"), quote(2, "detractor", "b")]
    assert typical(quotes, "price", "negative", {"a"})["text"] == "b"
    assert typical(quotes, "price", "negative", {"a", "b"}) is None
