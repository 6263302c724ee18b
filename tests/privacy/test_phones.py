import pytest

from nps_nlp.privacy.find import folded
from nps_nlp.privacy.phones import phones


@pytest.mark.parametrize(
    "number",
    ["090-1234-5678", "08012345678", "03(0000)1234", "(06)0000-5678", "0120-000-123", "0120-00-1234",
     "090 1234 5678", "090ー1234−5678",
     "+81-90-1234-5678", "+81(0)90-1234-5678", "+44 7700 900456", "0044 7700 900123", "(202) 555-0143",
     "1-800-555-0199",
     "020 7946 0958", "07700 900123", "06 12 34 56 78", "〇九〇-一二三四-五六七八", "(555) 555-0188 ext. 204"],
)  # fmt: skip
def test_numbers_as_people_write_them(number):
    text = f"連絡は、 {folded(number)} まで"
    assert any(text[a:b] == folded(number) for a, b in phones(text)), list(phones(text))


@pytest.mark.parametrize(
    "text", ["call 555-0134", "電話 123-4567", "内線2345", "extension 4417", "TEL03(0000)1234", "cell: 3125550142"]
)
def test_numbers_that_their_neighbours_make_one(text):
    assert list(phones(text))


@pytest.mark.parametrize(
    "text",
    ["2024-11-03", "10:00-17:00", "1200-1500円", "version 2.10.3", "ISBN978-4-00-000000-0", "WH-1000XM5",
     "24/7", "1-2-3", "12-15 people",
     "0-100", "5000mAh", "2021年度2022年度2023年度"],
)  # fmt: skip
def test_what_is_no_number(text):
    assert list(phones(text)) == []
