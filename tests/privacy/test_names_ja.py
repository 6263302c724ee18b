import pytest

from nps_nlp.privacy.names_ja import is_whole_name, names, tokenise


def found(text):
    return {text[a:b] for a, b in names(text)}


@pytest.mark.parametrize(
    ("text", "name"),
    [("受付の佐藤さんが親切", "佐藤"), ("フロントの高橋 美咲さん", "高橋 美咲"), ("髙橋さんの名前", "髙橋"),
     ("石川さんという方", "石川"),
     ("グエンさんの接客", "グエン"), ("マイケル・ブラウンさん", "マイケル・ブラウン"),
     ("山本店長の対応", "山本"), ("担当の井上が", "井上"),
     ("対応者:森 健一、", "森 健一"), ("池田という店員", "池田"), ("近藤太郎と申します", "近藤太郎"),
     ("鈴木です。先日購入した", "鈴木"),
     ("Johnさんに", "John"), ("翔太君の", "翔太"), ("王さんの餃子", "王"), ("美容師のRINAさん", "RINA"),
     ("石川先生の説明", "石川"), ("野村店長に", "野村"), ("林様には", "林"), ("東さんが親切", "東"),
     ("受付の小川が", "小川"),
     ("担当の林が", "林"), ("ゆりかちゃんの笑顔", "ゆりか"), ("受付のゆりかさん", "ゆりか")],
)  # fmt: skip
def test_names_in_context(text, name):
    assert found(text) == {name}


@pytest.mark.parametrize(
    "text",
    ["お客様と皆様", "店員さん、看護師さん、運転手さん", "神様、観音様", "お疲れ様でした", "たくさんある",
     "様々な模様", "福井です。楽しかった",
     "担当の方の説明", "石川県から来た", "朝倉氏の遺跡", "灰屋さんに宿泊した", "ヤマトさんの配送",
     "八百屋さんの野菜", "森の中の受付の隣",
     "リヴァージュアケボノさん", "織田信長の城", "恐竜くん", "ちゃんと対応",
     "カードリーダーが壊れた", "看護師の味方", "女将は会津の歴史を", "大学教授の話",
     "添乗員さんのマイクで", "営業が平日はやっていない"],
)  # fmt: skip
def test_who_is_nobody_in_particular(text):
    assert found(text) == set()


def test_words_stand_where_they_stood():
    text = "髙橋さん、\tカニ\n2杯"
    assert all(text[w.start : w.end] == w.surface for w in tokenise(text))


def test_a_name_that_fills_a_cell():
    assert is_whole_name("山田 太郎", alone=False)
    assert not is_whole_name("山田", alone=False)
    assert is_whole_name("山田", alone=True)
    assert not is_whole_name("自営業", alone=True)
