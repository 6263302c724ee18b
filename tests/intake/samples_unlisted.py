"""Exports of no known tool, as analysts keep them: spreadsheets with titles and footers, other languages."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import openpyxl

from tests.intake.samples import csv_text

N = 44
DE = ["Der Support ist schnell und freundlich", "Zu teuer für den Umfang", "Alles bestens, gerne wieder"]
FR = ["Le support répond très vite", "Trop cher pour ce que c'est", "Rien à redire sur le service"]
JA = ["サポートの対応が早くて助かりました", "料金が高いと感じます", "操作は簡単ですが動作が遅いです"]


def day(i: int) -> datetime:
    return datetime(2024, 5, 1 + i % 28, 9, 30)  # noqa: DTZ001 - as spreadsheets hold them


def workbook(rows) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(out)
    return out.getvalue()


def german_workbook() -> bytes:
    rows = [[None, day(i), 1000 + i, i % 11, f"{DE[i % 3]} ({i})", ("Nord", "Süd")[i % 2]] for i in range(N)]
    head = [[None, "Kundenumfrage 2024"], [None, "Stand: 01.06.2024"], []]
    names = [None, "Datum", "Kundennummer", "Empfehlungsbereitschaft (0-10)", "Begründung", "Region"]
    return workbook([*head, names, *rows, [], [None, "Summe: 44"], [None, "Vertraulich"]])


def serials() -> bytes:
    zero = datetime(1899, 12, 30)  # noqa: DTZ001
    names = ["回答日", "店舗", "おすすめ度", "コメント"]
    rows = [[(day(i) - zero) / timedelta(days=1), ("福井", "金沢")[i % 2], i % 11, f"{JA[i % 3]}{i}"] for i in range(N)]
    return workbook([["お客様アンケート集計"], ["2024年度 第1回"], names, *rows[:20], names, *rows[20:]])


def german_csv() -> bytes:
    rows = [[f"{day(i):%d.%m.%Y}", f"{i % 11},0", f"{DE[i % 3]} ({i})", ("Nord", "Süd")[i % 2]] for i in range(N)]
    return csv_text([["Datum", "Bewertung (0-10)", "Kommentar", "Region"], *rows], ";").encode("cp1252")


def french_form() -> bytes:
    names = ["Horodateur", "Recommanderiez-vous notre service à un ami ?", "Pourquoi cette note ?", "Service"]
    rows = [[f"{day(i):%d/%m/%Y %H:%M:%S}", i % 11, f"{FR[i % 3]} ({i})", "AB"[i % 2]] for i in range(N)]
    return csv_text([names, *rows]).encode()


def excel_unicode_text() -> bytes:
    rows = [[f"{day(i):%b %d, %Y}", i % 11, f"{DE[i % 3]} ({i})", "AB"[i % 2]] for i in range(N)]
    return csv_text([["Submission Date", "NPS", "Comments", "Team"], *rows], "\t").encode("utf-16")


def empty_lead_column() -> bytes:
    rows = [
        ["", f"令和6年{day(i).month}月{day(i).day}日", f"{i % 11}点", f"{JA[i % 3]}{i}", "男女"[i % 2]]
        for i in range(N)
    ]
    titles = [["", "", "NPS調査", "", ""], ["", "集計期間", "2024/5/1", "2024/5/31", ""], [""] * 5]
    end = [["", "平均", "5", "", ""], ["", "作成日：2024/6/1", "", "", ""]]
    return csv_text([*titles, ["", "回答日", "推奨度", "ご意見", "性別"], *rows, *end]).encode("cp932")


def japanese_surveymonkey() -> bytes:
    ask = ["この会社を友人や同僚にすすめる可能性は？", "主な理由は何ですか？", "ご利用のもの", "", "購入場所", ""]
    meta = ["Respondent ID", "Collector ID", "Start Date", "End Date"]
    rows = [
        [118_000_000 + i, 4, f"{day(i):%Y/%m/%d %H:%M}", f"{day(i):%Y/%m/%d %H:%M}",
         {0: "0 - まったくない", 10: "10 - 非常に高い"}.get(i % 11, i % 11), f"{JA[i % 3]}{i}",
         "Web" * (i % 2), "電話" * (i % 3 > 0), "店舗" * (i % 2), "通販" * (i % 3 == 0)]
        for i in range(N)
    ]  # fmt: skip
    options = ["", "", "", "", "回答", "自由回答", "Web", "電話", "店舗", "通販"]
    return csv_text([[*meta, *ask], options, *rows]).encode("cp932")


UNLISTED = {
    f.__name__: f
    for f in (
        german_workbook,
        serials,
        german_csv,
        french_form,
        excel_unicode_text,
        empty_lead_column,
        japanese_surveymonkey,
    )
}
