"""Words that say nothing by themselves, and words whose form misleads: the lists behind the shown terms."""

from __future__ import annotations

# Japanese content words too general to show.
LIGHT_JA = frozenset({
    "する", "ある", "いる", "なる", "できる", "出来る", "思う", "言う", "いう", "行く", "いく", "くる",
    "来る", "みる", "見る", "良い", "いい", "よい", "ない", "無い", "くれる", "もらう", "いただく",
    "頂く", "ほしい", "欲しい", "多い", "少ない", "すぎる", "過ぎる", "感じる", "おもう", "考える",
    "行う", "行なう", "よる", "因る", "依る", "つく", "しれる", "知れる", "すまない", "でない",
    "えない", "こと", "事", "もの", "物", "ところ", "所", "とき", "時", "ため", "為", "さん", "方",
    "人", "中", "的", "さ", "点", "感じ", "今", "今回", "何", "上", "下", "前", "後", "内", "外", "間",
    "他", "気", "目", "手", "分", "日", "月", "年", "回", "度", "円", "名", "側", "先", "元", "別",
    "形", "様", "際", "面", "毎", "全", "次", "私", "自分", "皆", "皆様", "皆さん", "方々", "以上",
    "程度", "場合", "部分", "最初", "最後", "一番", "次回", "今度", "毎回", "前回", "以前", "本当",
    "全部", "全体", "一部", "全て", "すべて", "全体的", "多く", "とこ", "ほう", "方法", "理由", "よう",
    "そう", "わけ", "はず", "まま", "つもり", "なし", "あと", "ほか", "一つ", "それぞれ", "いろいろ",
    "色々", "たくさん", "沢山", "いっぱい", "非常",
})  # fmt: skip
# Verbs that stay light with whatever is joined to them: していない, できない.
LIGHT_EVEN_NEGATED_JA = frozenset({
    "する", "ある", "いる", "なる", "できる", "出来る", "思う", "言う", "いう", "くれる", "もらう",
    "いただく", "頂く", "おる", "ござる", "しまう", "しれる", "知れる", "いける",
})  # fmt: skip
# Units after a number.
COUNTERS_JA = frozenset({
    "時間", "分", "秒", "日", "週", "週間", "ヶ月", "か月", "カ月", "ケ月", "月", "年", "円", "名",
    "人", "回", "度", "階", "個", "本", "台", "枚", "件", "番", "号", "歳", "才", "割", "泊", "杯",
    "倍", "点", "つ", "時", "世代", "年間", "日間",
})  # fmt: skip
# Nouns joined by の that are one word to a reader.
FROZEN_JA = frozenset({
    "道の駅", "海の幸", "山の幸", "女の子", "男の子", "目の前", "身の回り",
})  # fmt: skip
# What makes a noun of the verb stem before it: 使い勝手, 食べ放題, 乗り心地, 行き方.
AFTER_STEM_JA = frozenset({
    "勝手", "放題", "心地", "方", "応え", "時間", "場",
})  # fmt: skip
# English words too general to show, and contractions without apostrophe (spaCy's stop words have the rest).
LIGHT_EN = frozenset({
    "get", "got", "getting", "thing", "things", "lot", "lots", "bit", "way", "dont", "doesnt", "didnt",
    "cant", "couldnt", "wont", "wouldnt", "isnt", "wasnt", "arent", "im", "ive", "id", "youre",
    "theyre", "lol",
})  # fmt: skip
# English words in -s that are no plurals, or whose singular is more than the word without -s.
NO_PLURAL_EN = frozenset({
    "always", "perhaps", "sometimes", "besides", "news", "series", "species", "lens", "gas", "bus",
    "plus", "christmas", "canvas", "overseas", "whereas", "pyjamas", "chaos", "headquarters", "glasses",
    "jeans", "trousers", "scissors", "goods", "thanks", "towards", "upwards", "afterwards", "needs",
    "sales", "sports", "customs", "means", "wives", "knives", "lives", "leaves", "shelves", "loaves",
    "halves", "sideways", "nowadays", "congrats", "yes",
})  # fmt: skip
# Plurals of words in -ie.
PLURAL_IE_EN = frozenset({
    "movies", "cookies", "selfies", "smoothies", "hoodies", "brownies", "rookies", "calories",
    "zombies", "newbies", "veggies", "ties", "pies", "lies", "dies",
})  # fmt: skip
