import pytest

from nps_nlp.language import detect_language, normalise


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("料理", "ja"), ("高い", "ja"), ("UIが使いにくい", "ja"),
        ("SIM-only から family bundle まで揃ってる", "ja"), ("普通にgood", "ja"),
        ("ｻﾎﾟｰﾄ", "ja"), ("最高(´・ω・`)", "ja"), ("スタッフ friendly で very good service", "ja"),
        ("Great app", "en"), ("ok", "en"), ("Très bon", "en"), ("nope ¯\\_(ツ)_/¯", "en"),
        ("Loved it (^^)ﾉ", "en"), ("good (´・ω・`)", "en"),
        ("The おにぎり at breakfast were the best that I have had in years", "en"),
        ("좋아요", "other"), ("정말 좋아요 good", "other"), ("Очень хорошо", "other"),
        ("ดีมาก", "other"), ("服务很好", "other"), ("他们的东西很贵", "other"),
        ("", "other"), ("👍", "other"), ("10", "other"), ("。！？", "other"), ("(´・ω・`)", "other"),
    ],
)  # fmt: skip
def test_short_comments(text, language):
    assert detect_language(normalise(text).text) == language
