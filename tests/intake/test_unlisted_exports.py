"""Files of tools that no preset knows open without options, each row accounted for."""

from __future__ import annotations

import pytest

from nps_nlp.intake import read_export
from tests.intake.samples import assert_accounted, write
from tests.intake.samples_unlisted import UNLISTED, N, day


@pytest.mark.parametrize(
    ("name", "score", "comment", "date", "segments"),
    [
        ("german_workbook", "Empfehlungsbereitschaft (0-10)", "Begründung", "Datum", ("Region",)),
        ("serials", "おすすめ度", "コメント", "回答日", ("店舗",)),
        ("german_csv", "Bewertung (0-10)", "Kommentar", "Datum", ("Region",)),
        ("french_form", "Recommanderiez-vous notre service à un ami ?", "Pourquoi cette note ?", "Horodateur",
         ("Service",)),
        ("excel_unicode_text", "NPS", "Comments", "Submission Date", ("Team",)),
        ("empty_lead_column", "推奨度", "ご意見", "回答日", ("性別",)),
        ("japanese_surveymonkey", "この会社を友人や同僚にすすめる可能性は？", "主な理由は何ですか？", "End Date",
         ("ご利用のもの", "購入場所")),
    ],
)  # fmt: skip
def test_without_options(tmp_path, name, score, comment, date, segments):
    survey = read_export(write(tmp_path / "export", UNLISTED[name]()))
    assert (survey.columns.score, survey.columns.date) == (score, date)
    assert survey.columns.comments == (comment,)
    assert survey.columns.segments == segments
    assert survey.responses["score"].tolist() == [i % 11 for i in range(N)]
    assert survey.responses["date"].dt.strftime("%Y-%m-%d").tolist() == [f"{day(i):%Y-%m-%d}" for i in range(N)]
    known = {"the row of headings once more", "a line of the report below its rows, no answer"}
    assert set(survey.log.reasons()) <= known
    assert_accounted(survey)
