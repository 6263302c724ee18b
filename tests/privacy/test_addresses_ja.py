import pytest

from nps_nlp.privacy.addresses_ja import addresses
from nps_nlp.privacy.find import folded


def found(text):
    return [text[a:b] for a, b in addresses(text)]


@pytest.mark.parametrize(
    "address",
    ["東京都新宿区西新宿2-8-1", "〒910-0001 福井県福井市大願寺9-9-9", "大阪府大阪市北区梅田1丁目2番3号",
     "北海道函館市元町99番地",
     "愛知県名古屋市中区栄三丁目4番5号", "さいたま市浦和区常盤99-4-4 グリーンハイム302",
     "長野県諏訪郡下諏訪町999", "墨田区押上99丁目1-2",
     "名古屋市千種区今池9丁目8番7号",
     # Streets of Kyoto and Hokkaido.
     "京都市東山区大和大路通四条下る大和町9", "京都市上京区今出川通大宮西入ル観世町987-6",
     "岩見沢市9条西9丁目9番地9", "旭川市9条通99丁目右8号",
     # Kanji, small places, blanks, buildings.
     "目黒区自由が丘九ー八ー七", "仙台市太白区長町七丁目七の七", "那覇市字小禄987", "愛知県一宮市萩原町河田方字西987",
     "東京都港区 赤坂 9丁目 8番 7号", "北区王子9丁目8番7号 王子テラス 502",
     "東京都三鷹市下連雀9-87-65 メゾン・ド・三鷹101",
     "福岡市早良区百道浜9丁目8-7、9階", "つくば市吾妻9丁目8-7つくばシティハイツB203"],
)  # fmt: skip
def test_addresses_down_to_the_house(address):
    assert address in found(folded(address))
    assert address in found(f"住所は{folded(address)}です")


@pytest.mark.parametrize("text", ["〒5300001", "〒 530-0001"])
def test_a_postal_code_alone(text):
    assert found(f"住所の{text}が出ない") == [text]
    assert found("郵便番号は530-0001") == ["530-0001"]


@pytest.mark.parametrize(
    "text",
    ["福井県福井市に行った", "東京都港区から車で5時間", "越前市役所まで30分", "銀座4丁目交差点", "地区2-3位",
     "大阪市北区の3件", "村上市に2回", "横浜市で1-2泊", "福井市で2024-03-16に", "京都市内1-2時間", "3丁目のたばこ屋"],
)  # fmt: skip
def test_names_of_places_are_public(text):
    assert found(folded(text)) == []
