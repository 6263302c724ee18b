from __future__ import annotations

import contextlib
import gc
import gzip
import io
import zipfile

import pytest

from nps_nlp.errors import InputError
from nps_nlp.intake import archives, open_export, read_export
from nps_nlp.intake.tables import open_tables
from tests.intake.samples import csv_text, ja_rows, refusal, write


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return path


@pytest.mark.parametrize("name", ["export.csv.gz", "export.xlsx"])
def test_one_table_in_gzip_whatever_its_name(tmp_path, name):
    path = write(tmp_path / name, gzip.compress(csv_text(ja_rows(30)).replace("😀", "！").encode("cp932")))
    survey = read_export(path)
    assert (survey.log.read, survey.log.kept) == (30, 30)
    assert set(survey.responses["file"]) == {str(path / name.removesuffix(".gz"))}


def test_the_tables_of_a_zip_are_read_as_one_survey(tmp_path):
    rows = ja_rows(30)
    text = csv_text([rows[0], *rows[16:]]).replace("😀", "！").encode("cp932")
    path = zipped(
        tmp_path / "a.zip",
        may__csv=csv_text(rows[:16]),
        june__tsv=text.replace(b",", b"\t"),
        codebook__csv="code,meaning\n1,yes\n2,no\n",
        manual__pdf="%PDF-1.7",
    )
    survey = read_export(path)
    assert survey.log.rows() == {"read": 30, "kept": 30, "quarantined": 0, "duplicates": 0}
    assert {name.removeprefix(str(path)) for name in survey.responses["file"]} == {"/may.csv", "/june.tsv"}
    left_out = sorted(note for note in survey.log.notes if "left out" in note)
    assert "codebook.csv: no column with 0–10 answers" in left_out[0]
    assert "manual.pdf: its name is not that of a table" in left_out[1]


def test_names_that_windows_wrote_in_japanese(tmp_path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("回答.csv", csv_text(ja_rows(12)))
    # Windows writes the bytes of CP932 and does not set the flag of UTF-8.
    raw = data.getvalue().replace("回答.csv".encode(), "回答.csv".encode("cp932") + b"x")
    name = zipfile.ZipInfo("回答.csv".encode("cp932").decode("cp437"))
    assert archives._name(name) == "回答.csv"
    assert len(raw) != len(data.getvalue())


def test_unpacked_files_vanish_with_the_tables(tmp_path):
    path = zipped(tmp_path / "a.zip", a__csv=csv_text(ja_rows(30)))
    tables, _ = open_tables(path)
    held = tables[0].rows.args[1]
    folder = held.folder
    assert [row.cells for row in tables[0].rows()] == ja_rows(30)
    assert folder.exists()
    del tables, held
    gc.collect()
    assert not folder.exists()


def test_a_bomb_is_refused_before_it_fills_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "SMALL", 1 << 20)
    for path in (
        zipped(tmp_path / "a.zip", a__csv=b"0" * (30 << 20)),
        write(tmp_path / "a.csv.gz", gzip.compress(b"0" * (30 << 20))),
    ):
        assert "unpacks to over 200 times its size" in refusal(lambda path=path: open_export(path))


def test_an_archive_within_an_archive(tmp_path):
    inner = zipped(tmp_path / "inner.zip", a__csv="NPS\n9\n").read_bytes()
    path = zipped(tmp_path / "outer.zip", a__csv=inner)
    message = refusal(lambda: open_export(path))
    assert message.startswith(f"{path}/a.csv: this is an archive within an archive")


@pytest.mark.parametrize("content", [{}, {"a__pdf": "%PDF"}])
def test_an_archive_without_tables(tmp_path, content):
    assert "holds no table" in refusal(lambda: open_export(zipped(tmp_path / "a.zip", **content)))


def test_damaged_archives(tmp_path):
    data = zipped(tmp_path / "a.zip", a__csv=csv_text(ja_rows(300))).read_bytes()
    assert "damaged" in refusal(lambda: open_export(write(tmp_path / "b.zip", data[:-30])))
    hurt = data[:200] + bytes(50) + data[250:]
    assert "damaged" in refusal(lambda: open_export(write(tmp_path / "c.zip", hurt)))
    packed = gzip.compress(csv_text(ja_rows(300)).encode())
    assert "damaged" in refusal(lambda: open_export(write(tmp_path / "a.gz", packed[:-30])))


def test_a_locked_archive(tmp_path):
    data = zipped(tmp_path / "a.zip", a__csv="NPS\n9\n").read_bytes()
    locked = data.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
    )
    assert "locked by a password" in refusal(lambda: open_export(write(tmp_path / "b.zip", locked)))


def test_an_archive_beside_its_own_contents_is_not_read_twice(tmp_path):
    write(tmp_path / "may.csv", ja_rows(22))
    zipped(tmp_path / "may.zip", may__csv=csv_text(ja_rows(22)))
    write(tmp_path / "may.csv.gz", gzip.compress(csv_text(ja_rows(22)).encode()))
    zipped(tmp_path / "june.zip", june__csv=csv_text(ja_rows(11)))
    assert read_export(tmp_path).log.read == 33


def test_a_damaged_byte_anywhere_in_an_archive_is_refused_or_read(tmp_path):
    data = zipped(tmp_path / "a.zip", a__csv=csv_text(ja_rows(12))).read_bytes()
    for at in range(len(data)):
        for byte in (0, 255):
            path = write(tmp_path / "b.zip", data[:at] + bytes((byte,)) + data[at + 1 :])
            with contextlib.suppress(InputError):
                assert len(open_tables(path)[0]) == 1
