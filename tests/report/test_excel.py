"""The workbook: read back as it was written, text stays text, the same bytes every time."""

from __future__ import annotations

import openpyxl
import pytest

from nps_nlp.report import write_excel
from tests.report.pieces import FORMULA, HOSTILE, change


@pytest.fixture(scope="session")
def book(ja, tmp_path_factory):
    path = tmp_path_factory.mktemp("excel") / "report.xlsx"
    write_excel(ja, path, "ja")
    return openpyxl.load_workbook(path)


def _rows(sheet) -> list[dict]:
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_has_a_sheet_for_every_table(book):
    assert book.sheetnames == [
        "概要", "下げる要因", "支える要因", "テーマ", "影響と寄与", "テーマ×区分", "グループ別", "グループ×テーマ",
        "推移", "月×テーマ", "声", "要望", "要望の声", "言葉", "質問", "評点と言葉の食い違い",
        "区切りの影響", "重要度", "不満が減ったら", "優先度", "直近の増加", "テーマの重なり", "作り方", "列の役割",
    ]  # fmt: skip


def test_sheets_can_be_filtered_and_keep_their_headings_in_view(book):
    for sheet in book:
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref.startswith("A1:")
        heads = [cell.value for cell in sheet[1]]
        assert all(heads)
        assert len(set(heads)) == len(heads)


def test_numbers_are_numbers_with_their_formats(book, ja):
    first = _rows(book["下げる要因"])[0]
    assert first["テーマ"] == "不具合・安定性"
    assert first["不満の影響"] == pytest.approx(ja.drivers["impact_negative"].iloc[0])
    assert first["不満の影響 下限"] == pytest.approx(ja.drivers["impact_negative_ci_low"].iloc[0])
    formats = {cell.value: book["下げる要因"].cell(2, cell.column).number_format for cell in book["下げる要因"][1]}
    assert (formats["不満の影響"], formats["批判者のうち"], formats["言及した人"]) == ("0.0", "0%", "#,##0")
    assert len(book["下げる要因"].conditional_formatting) > 0


def test_counts_and_quotes_are_complete(book, ja):
    assert len(_rows(book["テーマ"])) == len(ja.themes)
    quotes = _rows(book["声"])
    assert [q["コメント"] for q in quotes] == list(ja.all_quotes["text"])
    assert quotes[0]["該当箇所"] == ja.all_quotes["text"].iloc[0][: ja.all_quotes["end"].iloc[0]]


def test_comments_stay_text(hostile, tmp_path):
    write_excel(hostile, tmp_path / "report.xlsx", "en")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n", "b"}, cell.coordinate
                # The first sheet leads to the others, and nothing leads out of the workbook.
                assert cell.hyperlink is None or (sheet.title == "Summary" and cell.hyperlink.location)
    assert _rows(book["Quotes"])[0]["Comment"].startswith(FORMULA + HOSTILE + "\ufffd")


def test_the_same_analysis_gives_the_same_bytes(ja, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_excel(ja, tmp_path / name, "ja")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_comment_longer_than_a_cell_is_cut(ja, tmp_path):
    write_excel(
        change(ja, all_quotes=ja.all_quotes.iloc[:1].assign(text="長" * 100_000)),
        str(tmp_path / "r.xlsx"),
        "ja",
    )
    text = _rows(openpyxl.load_workbook(tmp_path / "r.xlsx")["声"])[0]["コメント"]
    assert len(text) == 32_767
    assert text.endswith("…")


def test_missing_pieces_leave_empty_sheets(degraded, tmp_path):
    _, analysis = degraded
    for language in ("ja", "en"):
        write_excel(analysis, tmp_path / "report.xlsx", language)
        assert len(openpyxl.load_workbook(tmp_path / "report.xlsx").sheetnames) >= 16


def test_contributions_of_the_impacts_sheet_add_up_to_the_score_of_the_writers(book, ja):
    rows = _rows(book["影響と寄与"])
    added = sum(r["寄与"] for r in rows if r["内容"] == "すべて")
    assert added == pytest.approx(ja.writers.score, abs=1e-9)
    assert rows[-1]["テーマ"] == "（どのテーマにも触れない）"


def test_the_first_sheet_leads_to_every_other(book):
    summary = book["概要"]
    links = {row[0].value: (row[0].hyperlink.location, row[2].value) for row in summary.iter_rows() if row[0].hyperlink}
    assert list(links) == book.sheetnames[1:]
    assert links["声"] == ("'声'!A1", "120 行")


def test_findings_of_the_first_sheet_say_how_sure_they_are(book, ja):
    found = [r for r in _rows(book["概要"]) if str(r["項目"]).startswith("下げているもの")]
    assert len(found) == 3
    assert all("q = " in r["補足"] for r in found)


def test_limits_look_like_the_number_they_belong_to(book):
    sheet = book["要望"]
    heads = [cell.value for cell in sheet[1]]
    looks = {head: sheet.cell(2, at).number_format for at, head in enumerate(heads, start=1)}
    assert {look for head, look in looks.items() if head.startswith("割合")} == {"0%"}
    assert heads[:2] == ["テーマ", "要望を書いた人"]
    assert sheet["A2"].value == "（要望を書いた人すべて）"
