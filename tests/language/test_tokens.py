from nps_nlp.language.tokens import Morph, Token


def test_a_token_ends_after_its_surface():
    assert Token(3, Morph("高かっ", "形容詞", "一般", "高い", "高い")).end == 6
