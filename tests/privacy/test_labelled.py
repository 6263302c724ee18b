import pytest

from nps_nlp.privacy.labelled import handles, identifiers


@pytest.mark.parametrize(
    ("text", "number"),
    [("注文番号A-20240115-0042です", "A-20240115-0042"), ("会員No.00123456", "00123456"),
     ("予約ID ZX81-2290で", "ZX81-2290"),
     ("お客様番号:0012-3456", "0012-3456"), ("Order #10293847 never came", "10293847"),
     ("booking reference is QX7RT9", "QX7RT9"),
     ("policy no. HX-99120034", "HX-99120034"), ("claim CLM0099812 open", "CLM0099812"),
     ("#558812 closed", "#558812"), ("NHS number 943 476 5919 was", "943 476 5919"),
     ("診察券（No. 0098123）", "0098123"),
     ("policy number, HN 0099 1234 C, is", "HN 0099 1234 C"), ("Ref. QX7-88123-B -", "QX7-88123-B"),
     ("お客様番号00-1122-3344-5の", "00-1122-3344-5")],
)  # fmt: skip
def test_numbers_by_their_name(text, number):
    assert number in [text[a:b] for a, b in identifiers(text)]


@pytest.mark.parametrize(
    "text",
    ["チケット2500円", "注文してから2024年", "Ticket prices doubled since 2019", "order took 3 weeks",
     "iPhone15", "SC-52A", "Room 1204",
     "予約番号がメールで来ない", "Highway 101", "型番KX-98765の説明書", "part no. AB-12345", "Python 3.12 support"],
)  # fmt: skip
def test_what_is_no_number_of_anybody(text):
    assert list(identifiers(text)) == []


def test_names_of_accounts():
    text = "インスタ@hanako_travel と LINE ID:kuma_0707 と u/pixel_fox"
    assert [text[a:b] for a, b in handles(text)] == ["@hanako_travel", "kuma_0707", "u/pixel_fox"]
    for public in (
        "@cosmeで見た",
        "meet @ 5pm",
        "figures. I've",
        "the online form. Page",
        "@jupyterlab/toc",
        "*@example.org emails",
        "taro@example.jp",
    ):
        assert list(handles(public)) == []
