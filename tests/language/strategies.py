"""Texts as survey tools export them: two languages, half-width kana, emoji, markup, invisible characters."""

from hypothesis import strategies as st

PIECES = (
    "価格は高い", "が", "、", "。", "サポートは最高", "けど", "のに", "し、", "でも", "ので",
    "駐車場", "分かりにくい", "使えません",
    "すみませんが", "「", "」", "(", ")", "・", "①", "②", "1. ", "2. ", "㌔", "ｻﾎﾟｰﾄ", "ﾊﾞ", "ﾟ",
    "か\u3099", "葛\U000e0100", "々", "ー",
    "Ｗｉ－Ｆｉ", "Wi-Fi", "But ", "but ", " though", "e.g. ", "Dr. ", "3.5", "...", "…", "! ",
    "? ", ". ", ", and the ", "however, ",
    "👍", "👨\u200d👩\u200d👧", "☀\ufe0f", "1\ufe0f\u20e3", "👍🏽", "(´∀｀)", "(^^)",
    "¯\\_(ツ)_/¯", "&amp;", "&lt;", "<br>", "<BR/>", "&nbsp;",
    "\u200b", "\ufeff", "\u00ad", "\r\n", "\n", "\r", "\t", " ", "　", "\x00", "\x85", "\u2028",
    "é", "e\u0301", "가", "각", "Привет", "你好",
    "\ud83d", "\u0301", "İ", "ﬁ", "½", "２０２４", "https://example.com/a?b=c.d", "!!!!", "☆5",
)  # fmt: skip
surveys = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
comments = surveys | st.text(max_size=40)
# MeCab reads UTF-8 up to the first NUL.
readable = comments.map(lambda text: text.encode("utf-8", "ignore").decode().replace("\0", ""))
