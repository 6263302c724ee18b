from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.intake import open_export, read_export
from nps_nlp.intake.mojibake import is_suspect, repair, repair_cells
from nps_nlp.privacy.masker import Masker
from nps_nlp.run import write_repairs
from tests.intake.samples import csv_text, ja_rows, write

SENTENCES = [
    "とても親切でした。また来ます！",
    "サポートの対応が遅い…",
    "景色がきれいで、また来たい",
    "料金がわかりにくいです",
]


def sloppy(data: bytes) -> str:
    """Read bytes as browsers read Windows-1252: its five empty places are control characters."""
    return "".join(chr(b) if b in b"\x81\x8d\x8f\x90\x9d" else bytes((b,)).decode("cp1252") for b in data)


ACCIDENTS = {
    "UTF-8 as Windows-1252": lambda s: sloppy(s.encode()),
    "UTF-8 as Latin-1": lambda s: s.encode().decode("latin-1"),
    "CP932 as Windows-1252": lambda s: sloppy(s.encode("cp932")),
    "CP932 as Latin-1": lambda s: s.encode("cp932").decode("latin-1"),
    "EUC-JP as Latin-1": lambda s: s.encode("euc_jp").decode("latin-1"),
    "twice": lambda s: sloppy(sloppy(s.encode()).encode()),
    "three times": lambda s: s.encode().decode("latin-1").encode().decode("latin-1").encode().decode("latin-1"),
}


@pytest.mark.parametrize("accident", ACCIDENTS)
@pytest.mark.parametrize("text", SENTENCES)
def test_the_usual_accidents_are_undone(accident, text):
    hurt = ACCIDENTS[accident](text)
    assert is_suspect(hurt)
    assert repair(hurt) == (text, "repaired")


def test_utf8_read_as_cp932_where_nothing_was_lost():
    for text in ("価格", "評価は高い方だ"):
        try:
            hurt = text.encode().decode("cp932")
        except UnicodeDecodeError:
            continue
        assert repair(hurt) == (text, "repaired")
    assert repair("価格".encode().decode("cp932")) == ("価格", "repaired")


@pytest.mark.parametrize(
    ("hurt", "text"),
    [
        ("cafÃ©", "café"),
        ("Itâ€™s â€œgreatâ€\x9d", "It’s “great”"),
        ("Å“uvre et dÃ©tail", "œuvre et détail"),
        ("ÃÂ©tÃÂ©", "été"),
        ("good ðŸ˜€", "good 😀"),
        ("日本語とã\x81¨ã\x81¦ã\x82\x82", "日本語ととても"),
    ],
)
def test_other_accidents(hurt, text):
    assert repair(hurt) == (text, "repaired")


@pytest.mark.parametrize(
    "hurt",
    [
        "とても".encode().decode("cp1252", "ignore") * 2,
        "とても親切でした".encode().decode("cp932", "replace"),
        "良い\ufffd店",
        "\x96\x9e\x91«が多い",
        "????????",
        "???? ?? ????",
    ],
)
def test_what_was_lost_is_flagged_and_never_guessed(hurt):
    assert repair(hurt) == (hurt, "lost")


REAL = [
    "L’été à Nîmes, où çà ? « Très bien »… É”…",
    "il est arrivé”…",
    "CAFÉ» Größe „Hallo“ ‚so‘ ÄÖÜ",
    "São João não çãõ Ã la carte",
    "Íslenska þæð, Việt Nam đẹp, Привет, 안녕",
    "¯\\_(ツ)_/¯ (´・ω・｀) ヽ(´▽`)/ (ﾟдﾟ) (＾＾)",
    "ｱｲｳ ｶﾀｶﾅ ﾃﾞﾝﾜ",
    "ＮＰＳは１０点①㈱髙橋・山﨑～",
    "糸が縺れた",
    "©®™ ½ ² ± µ ° § 10€ – 20€ £5 ¥100",
    "👨‍👩‍👧 ☀️ 葛\U000e0100城 👍🏽 🇯🇵",
    "why???? what",
    "よかった？？？？",
    "a\u200bb\u2060c",
]


@pytest.mark.parametrize("text", REAL)
def test_real_text_is_left_alone(text):
    assert repair(text) == (text, "")


@settings(max_examples=300, deadline=None)
@given(
    st.text("あいうえおかがアイウ店員親切料理美味不便。、！？（）ｱｲｳﾞＡ１ abcéèêçñöüß’“”…€«»😀\u200d\ufe0f", max_size=30)
)
def test_no_mixture_of_real_text_is_touched(text):
    assert repair(text)[0] == text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_a_repair_is_undone_by_the_accident_or_there_is_none(text):
    fixed, what = repair(text)
    assert what in {"", "repaired", "lost"}
    assert (fixed != text) == (what == "repaired")
    if what == "repaired":
        assert is_suspect(text)


def test_repairs_are_made_in_headings_and_cells_and_listed(tmp_path):
    rows = [list(row) for row in ja_rows(40)]
    rows[0][2] = ACCIDENTS["UTF-8 as Latin-1"](rows[0][2])
    hurt = ACCIDENTS["UTF-8 as Windows-1252"](rows[5][2])
    rows[5][2], plain = hurt, rows[5][2]
    rows[9][2] = lost = "とても親切でした".encode().decode("cp932", "replace")
    survey = read_export(write(tmp_path / "a.csv", rows))
    assert survey.columns.comments == ("推奨の理由",)
    assert survey.comments["推奨の理由"][4] == plain
    assert [(m.row, m.column, m.what, m.before, m.after) for m in survey.log.mended] == [
        (1, "推奨の理由", "repaired", rows[0][2], "推奨の理由"),
        (6, "推奨の理由", "repaired", hurt, plain),
        (10, "推奨の理由", "lost", lost, lost),
    ]
    assert survey.log.notes == {
        "cells that had been read in a wrong encoding, repaired": 2,
        "cells with characters that are lost, left as they are": 1,
    }
    write_repairs(tmp_path / "repairs.csv", survey.log, Masker())
    with (tmp_path / "repairs.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))
    assert found[0] == ["file", "row", "column", "what", "before", "after"]
    assert found[2] == [str(tmp_path / "a.csv"), "6", "推奨の理由", "repaired", hurt, plain]


def test_a_whole_file_that_was_saved_in_the_wrong_encoding(tmp_path):
    text = csv_text(ja_rows(40))
    path = write(tmp_path / "a.csv", ACCIDENTS["UTF-8 as Latin-1"](text))
    export = open_export(path)
    whole = read_export(path)
    assert export.columns.score == "NPS"
    assert list(whole.comments["推奨の理由"]) == [row[2] for row in ja_rows(40)[1:]]


def test_a_single_kanji_is_certain_beside_a_repaired_cell_or_with_a_control_character():
    hurt = [ACCIDENTS["UTF-8 as Latin-1"](text) for text in ("女", "とても良い", "30代", "9")]
    assert repair(hurt[0])[0] == hurt[0]
    assert repair_cells(hurt)[0] == ["女", "とても良い", "30代", "9"]
    assert repair(ACCIDENTS["UTF-8 as Latin-1"]("1泊")) == ("1泊", "repaired")


def test_no_file_of_repairs_where_there_are_none(tmp_path):
    path = write(tmp_path / "repairs.csv", "old")
    write_repairs(path, read_export(write(tmp_path / "a.csv", ja_rows(30))).log, Masker())
    assert not path.exists()
