import pytest

from nps_nlp.privacy.addresses import addresses
from nps_nlp.privacy.find import folded


def found(text):
    return [text[a:b] for a, b in addresses(text)]


@pytest.mark.parametrize(
    "address",
    ["東京都新宿区西新宿2-8-1", "〒910-0001 福井県福井市大願寺9-9-9", "大阪府大阪市北区梅田1丁目2番3号",
     "北海道函館市元町99番地",
     "愛知県名古屋市中区栄三丁目4番5号", "さいたま市浦和区常盤99-4-4 グリーンハイム302",
     "長野県諏訪郡下諏訪町999", "墨田区押上99丁目1-2",
     "42 Larkfield Road, Bristol BS1 4ZZ", "P.O. Box 4471", "1-2-3 Nishi-Honmachi, Kita-ku, Osaka 530-9999",
     "SW1A 9ZZ",
     "221 Harbour View Terrace, Apt 4B, Portland, OR 97201", "123 main street, apt 2"],
)  # fmt: skip
def test_addresses_down_to_the_house(address):
    assert address in found(folded(address))
    assert address in found(f"住所は{folded(address)}です")


@pytest.mark.parametrize(
    "text",
    ["福井県福井市に行った", "東京都港区から車で5時間", "越前市役所まで30分", "銀座4丁目交差点", "地区2-3位",
     "大阪市北区の3件", "村上市に2回",
     "5 Star Place", "10 Street lamps", "Fifth Avenue and Oxford Street", "12 miles down Route 66"],
)  # fmt: skip
def test_names_of_places_are_public(text):
    assert found(folded(text)) == []
