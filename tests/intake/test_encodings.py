from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.intake.encodings import Decoded, decode, find_encoding

HEAD = "回答日時,NPS,推奨の理由\r\n"
ROWS = '2024-01-05,9,"店員さんがとても親切で、料理も美味しかった。\nまた来ます！"\r\n2024-01-06,3,駅から遠い\r\n'
JAPANESE = [
    "utf-8",
    "utf-8-sig",
    "cp932",
    "euc_jp",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "iso2022_jp",
]


def read(data: bytes) -> Decoded:
    encoding = find_encoding(data)
    assert encoding is not None
    return decode(data, encoding)


@pytest.mark.parametrize("encoding", JAPANESE)
@pytest.mark.parametrize("text", [HEAD + ROWS, (HEAD + ROWS) * 40, "満足度\n9\n", "ＮＰＳ,コメント\n９,良い\n"])
def test_japanese_text_is_read_in_any_encoding_with_or_without_a_mark(encoding, text):
    assert read(text.encode(encoding)).text == text


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.text("あいうえおをんアイウエオー、。！良悪店員駅遠近料理満足不満高安待時間09a, ", max_size=30),
        max_size=12,
    ),
    encoding=st.sampled_from(JAPANESE),
)
def test_encodings_round_trip(rows, encoding):
    text = HEAD + "\n".join(rows)
    found = read(text.encode(encoding))
    assert (found.text, found.damaged_lines, found.other_lines) == (text, 0, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_western_text_with_curly_quotes_and_accents(encoding):
    text = "score,comment\n9,It’s a naïve café – “great”\n3,Müller war nicht zufrieden, l’été créé à Noël\n"
    assert read(text.encode(encoding)).text == text


def test_one_accent_in_a_windows_file_is_no_damage():
    assert read("score,comment\n9,café\n8,fine\n".encode("cp1252")) == Decoded(
        "score,comment\n9,café\n8,fine\n", "cp1252"
    )


def test_half_width_kana_headings_do_not_make_a_file_euc():
    text = "ｱﾝｹｰﾄ,ｺﾒﾝﾄ,推奨度\n1,とても良い,9\n"
    assert read(text.encode("cp932")).text == text


def test_damage_in_the_middle_of_utf8_costs_one_character_and_is_counted():
    data = bytearray((HEAD + ROWS).encode())
    data[60] = 0xFF
    found = read(bytes(data))
    assert found.encoding == "utf-8"
    assert found.damaged_lines == 1
    assert found.text.startswith(HEAD)
    assert found.text.endswith("駅から遠い\r\n")


def test_a_stray_byte_in_an_ascii_file_is_damage():
    assert read(b"score,comment\n9,bad \xff byte\n") == Decoded("score,comment\n9,bad \ufffd byte\n", "utf-8", 0, 1)


def test_cp932_lines_in_a_utf8_file_are_read_as_such():
    found = read((HEAD + ROWS).encode() * 3 + "7,別の表から貼った行です\n".encode("cp932"))
    assert (found.encoding, found.other_lines, found.damaged_lines) == ("utf-8", 1, 0)
    assert found.text.endswith("7,別の表から貼った行です\n")


def test_damage_in_cp932_is_counted_too():
    data = (HEAD + ROWS).encode("cp932") * 5
    at = data.index("駅".encode("cp932"))
    found = read(data[:at] + b"\xfd\xff" + data[at:])
    assert (found.encoding, found.damaged_lines) == ("cp932", 1)


def test_stray_nul_bytes_do_not_make_utf16():
    assert find_encoding(b"NPS,comment\n9,\x00good\x00\n") == "utf-8"
    assert find_encoding("NPS,理由\n9,良\x00い\n".encode()) == "utf-8"


def test_utf16_of_odd_length_loses_only_its_last_byte():
    found = read((HEAD + ROWS).encode("utf-16")[:-1])
    assert found.text.startswith(HEAD)
    assert found.damaged_lines == 1


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 40,
        b"\xff" * 5000,
        b"\x00" * 5000,
        b"\x7fELF\x02\x01\x01" + bytes(range(1, 32)) * 9,
    ],
)
def test_bytes_that_are_no_text_are_said_to_be_none(data):
    assert find_encoding(data) is None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_declared_binary(data):
    encoding = find_encoding(data)
    if encoding is not None:
        found = decode(data, encoding)
        assert found.damaged_lines >= ("\ufffd" in found.text and "\ufffd".encode() not in data)


@pytest.mark.parametrize(
    "data", ["あ".encode("cp932") * 10_000_000, b"\xff" * 20_000_000, "é".encode("cp1252") * 20_000_000]
)
def test_one_endless_line_is_decided_quickly(data):
    start = time.process_time()
    find_encoding(data)
    assert time.process_time() - start < 5
