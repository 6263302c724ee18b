from nps_nlp.classify.features import characters, features, marks, question_features, question_kinds, word
from nps_nlp.language import read_comment


def of(text, question=""):
    c = read_comment(text)
    return features(c.normalised.text, c.tokens, c.language, question)


def marks_of(text):
    c = read_comment(text)
    return marks(c.normalised.text, c.tokens, c.language)


def test_a_question_tells_what_it_asks_for():
    assert question_kinds("福井県に求めるもの") == ("q:want",)
    assert question_kinds("What do you like best?") == ("q:like",)
    assert question_kinds("") == ("q:none",)
    assert "qb:do you" in question_features("What do you like?")


def test_marks_are_crossed_with_the_question():
    assert "q:want&k:price" in of("値段", "改善してほしい点")
    assert "q:want&k:price" not in of("値段", "良かった点")


def test_numbers_are_one_word():
    assert word("2024") == word("7") == "0"
    assert characters(["12時間\n待ち"]) == "^0時間 待ち$"


def test_a_negation_governs_the_words_beside_it():
    assert "x:help" in of("They did not help us")
    assert "x:高い" in of("値段は高くない")


def test_negated_praise_is_marked():
    assert "f:l:positive!" in marks_of("They were not helpful")
    assert "f:l:positive+" in marks_of("They were helpful")
    assert "f:l:positive!" in marks_of("便利じゃない")


def test_the_balance_of_praise_and_blame():
    assert "v:both=" in marks_of("Great staff, terrible room")
    assert "v:-0" in marks_of("The room")
