from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.intake.encodings import DAMAGED, Encoding, find_encoding, named_encoding
from nps_nlp.intake.text_files import open_text_file
from tests.intake.samples import refusal

if TYPE_CHECKING:
    from collections import Counter

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
    "utf-32-le",
    "utf-32-be",
    "iso2022_jp",
    "iso2022_jp_ext",
]


class Read(NamedTuple):
    text: str
    encoding: Encoding
    damage: Counter[str]


def read(data: bytes) -> Read:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(data)
        file = open_text_file(path)
        texts = ["".join(file.blocks()) for _ in range(2)]
    assert texts[0] == texts[1]
    return Read(texts[0], file.encoding, file.damage)


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
    assert (found.text, found.damage) == (text, {})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_western_text_with_curly_quotes_and_accents(encoding):
    text = "score,comment\n9,It’s a naïve café – “great”\n3,Müller war nicht zufrieden, l’été créé à Noël\n"
    assert read(text.encode(encoding)).text == text


def test_one_accent_in_a_windows_file_is_no_damage():
    found = read("score,comment\n9,café\n8,fine\n".encode("cp1252"))
    assert (found.text, found.encoding.name) == ("score,comment\n9,café\n8,fine\n", "cp1252")
    assert found.encoding.confidence < 1


def test_half_width_kana_headings_do_not_make_a_file_euc():
    text = "ｱﾝｹｰﾄ,ｺﾒﾝﾄ,推奨度\n1,とても良い,9\n"
    assert read(text.encode("cp932")).text == text


def test_damage_in_the_middle_of_utf8_costs_one_character_and_is_counted():
    data = bytearray((HEAD + ROWS).encode())
    data[60] = 0xFF
    found = read(bytes(data))
    assert found.encoding.name == "utf-8"
    assert found.damage == {DAMAGED: 1}
    assert found.text.startswith(HEAD)
    assert found.text.endswith("駅から遠い\r\n")


def test_a_stray_byte_in_an_ascii_file_is_damage():
    found = read(b"score,comment\n9,bad \xff byte\n")
    assert (found.text, found.damage) == ("score,comment\n9,bad \ufffd byte\n", {DAMAGED: 1})


def test_cp932_lines_in_a_utf8_file_are_read_as_such():
    found = read((HEAD + ROWS).encode() * 3 + "7,別の表から貼った行です\n".encode("cp932"))
    assert found.encoding.name == "utf-8"
    assert found.damage == {"lines in CP932 within a UTF-8 file, read as CP932 (lines 13)": 1}
    assert found.text.endswith("7,別の表から貼った行です\n")


def test_damage_in_cp932_is_counted_too():
    data = (HEAD + ROWS).encode("cp932") * 5
    at = data.index("駅".encode("cp932"))
    found = read(data[:at] + b"\xfd\xff" + data[at:])
    assert (found.encoding.name, found.damage) == ("cp932", {DAMAGED: 1})


def test_stray_nul_bytes_do_not_make_utf16():
    assert find_encoding([b"NPS,comment\n9,\x00good\x00\n"]).name == "utf-8"
    assert find_encoding(["NPS,理由\n9,良\x00い\n".encode()]).name == "utf-8"


def test_utf16_of_odd_length_loses_only_its_last_byte():
    found = read((HEAD + ROWS).encode("utf-16")[:-1])
    assert found.text.startswith(HEAD)
    assert found.damage == {DAMAGED: 1}


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
    assert find_encoding([data]) is None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_declared_binary(data):
    if find_encoding([data]) is not None:
        found = read(data)
        assert found.damage[DAMAGED] >= ("\ufffd" in found.text and "\ufffd".encode() not in data)


@pytest.mark.parametrize(
    "data", ["あ".encode("cp932") * 10_000_000, b"\xff" * 20_000_000, "é".encode("cp1252") * 20_000_000]
)
def test_one_endless_line_is_decided_quickly(data):
    start = time.process_time()
    find_encoding([data])
    assert time.process_time() - start < 5


# --- what Windows added to the Japanese standards -----------------------------------------------------------


def jis_pairs(text: str) -> list[bytes]:
    """Return each character as its row and cell, by the arithmetic that takes Shift_JIS back to JIS."""
    pairs = []
    for lead, trail in (c.encode("cp932") for c in text):
        row = (lead - (0x70 if lead < 0xA0 else 0xB0)) * 2 - (trail < 0x9F)
        cell = trail - (0x7E if trail >= 0x9F else 0x20 if trail > 0x7F else 0x1F)
        pairs.append(bytes((row, cell)))
    return pairs


@pytest.mark.parametrize("wide", ["①番の髙橋さんがとても親切でした", "㈱山﨑商店で満足しています", "Ⅳ№℡と書いてある"])
def test_characters_of_windows_in_cp932_euc_and_mail(wide):
    # Of the two places that Windows gives 髙 and 﨑, mail and Unix can write only the one that NEC chose.
    nec = {"髙": b"\xee\xe0", "﨑": b"\xed\x95"}
    pairs = [jis_pairs(c)[0] if c not in nec else jis_of(nec[c]) for c in wide]
    euc = b"".join(bytes(b | 0x80 for b in pair) for pair in pairs)
    mail = b"\x1b$B" + b"".join(pairs) + b"\x1b(B"
    for data in (wide.encode("cp932"), euc, mail):
        found = read(b"NPS,ab\n9," + data + b"\n")
        assert (found.text, found.damage) == (f"NPS,ab\n9,{wide}\n", {})


def jis_of(pair: bytes) -> bytes:
    lead, trail = pair
    row = (lead - 0xB0) * 2 - (trail < 0x9F)
    return bytes((row, trail - (0x7E if trail >= 0x9F else 0x20 if trail > 0x7F else 0x1F)))


def test_half_width_kana_in_mail_encoding():
    data = "NPS,理由\n9,".encode("iso2022_jp") + b"\x1b(I6@\x1b(B\n8," + "良い\n".encode("iso2022_jp")
    assert read(data).text == "NPS,理由\n9,ｶﾀ\n8,良い\n"


def test_wide_dashes_and_waves_of_cp932():
    text = "NPS,理由\n9,～と－と―と∥と￠です\n"
    assert read(text.encode("cp932")).text == text


# --- lines in another encoding ------------------------------------------------------------------------------


SENTENCES = [
    "店員さんがとても親切で、料理も美味しかった。",
    "駅から遠くて少し不便でした",
    "値段は高いけれど満足しています！",
    "景色がきれいで、また来たいと思いました",
    "Wi-Fiが遅いので改善してほしい",
]


@settings(max_examples=60, deadline=None)
@given(
    base=st.sampled_from(["utf-8", "cp932", "euc_jp"]),
    other=st.sampled_from(["utf-8", "cp932", "euc_jp"]),
    where=st.lists(st.integers(0, 39), max_size=6, unique=True),
)
def test_lines_in_another_encoding_lose_nothing_and_are_listed(base, other, where):
    lines = [f"{i % 11},{SENTENCES[i % 5]}" for i in range(40)]
    # That lines of EUC-JP are not CP932 cannot be told line by line: the bytes are half-width kana there.
    if (base, other) == ("cp932", "euc_jp"):
        return
    data = b"\n".join(line.encode(other if i in where else base) for i, line in enumerate(lines))
    found = read(data)
    assert found.text == "\n".join(lines)
    assert found.encoding.name == base
    if base != other and where:
        (note,) = found.damage
        assert found.damage[note] == len(where)
        assert note.endswith(f"(lines {', '.join(str(i + 1) for i in sorted(where))})")


def test_western_lines_in_a_utf8_file():
    data = "9,店員さんが親切でした\n".encode() * 5 + "8,un café très agréable\n".encode("cp1252")
    found = read(data)
    assert found.text.endswith("8,un café très agréable\n")
    assert found.damage == {"lines in Windows-1252 within a UTF-8 file, read as Windows-1252 (lines 6)": 1}


def test_the_end_of_a_file_decides_too():
    ascii_rows = b"9,fine\n" * 200_000
    found = read(ascii_rows + "3,駅から遠くて不便\n".encode("cp932") * 3)
    assert (found.encoding.name, found.text[-9:]) == ("cp932", "駅から遠くて不便\n")


# --- the encoding that a user names ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "found"), [("Shift_JIS", "cp932"), ("sjis", "cp932"), ("UTF8", "utf-8"), ("latin1", "iso8859-1")]
)
def test_an_encoding_may_be_named(name, found):
    assert named_encoding(name).name == found


def test_an_encoding_that_is_none():
    assert "no such encoding" in refusal(lambda: named_encoding("klingon"))
