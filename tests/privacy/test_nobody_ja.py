import pytest

from nps_nlp.privacy.names_ja import names


def found(text):
    return {text[a:b] for a, b in names(text)}


@pytest.mark.parametrize(
    "text",
    ["長谷川さんに初めて宿泊しました", "早川さんの羽二重餅を買った", "山崎さんは、お酒の種類が多い",
     "藤井さんで海鮮丼を頂きました",
     "岡田さん(蕎麦屋)が混んでいた", "居酒屋の大野さん", "秋山さん、八番ラーメンさん",
     "吉田さんと山本さんには立ち寄ります",
     "和菓子の中川さん", "三井住友さんの窓口", "安田さんという生命保険会社"],
)  # fmt: skip
def test_shops_and_inns_are_called_san_too(text):
    assert found(text) == set()


@pytest.mark.parametrize(
    "text", ["歌手の中島健一さんのライブ", "石田美咲さんの展示を見に来た", "恐竜のラプトくん", "柴田さんは戦国の武将"]
)
def test_artists_mascots_and_history_are_public(text):
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "name"),
    [("長谷川さんに連れて行ってもらいました", "長谷川"), ("早川さんの説明が丁寧", "早川"), ("山崎さんは親切", "山崎"),
     ("柴田さんは立派だった", "柴田"), ("土屋さんの接客", "土屋")],
)  # fmt: skip
def test_the_same_names_are_persons_elsewhere(text, name):
    assert found(text) == {name}
