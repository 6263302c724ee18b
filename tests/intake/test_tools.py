"""Every preset on an export in the tool's real shape, and on a damaged one."""

from __future__ import annotations

import pytest

from nps_nlp.intake import read_export
from nps_nlp.intake.tools import presets
from tests.intake.samples import csv_text, write

REASONS = [
    "The staff were kind and quick",
    "It was far too expensive for us",
    "Slow support, but a solid product overall",
    "n/a",
    "",
]
RIYU = [
    "対応がとても親切で早かった",
    "料金が高すぎると思います",
    "説明がわかりにくかったです",
    "特になし",
    "",
]


def varied(i):
    """Return the i-th comment: fillers and blanks come back, the others never say quite the same."""
    return f"{REASONS[i % 5]} {i}" if i % 5 < 3 else REASONS[i % 5]


def qualtrics(n=40):
    ids = [
        "StartDate",
        "EndDate",
        "Status",
        "IPAddress",
        "Progress",
        "Duration (in seconds)",
        "Finished",
        "RecordedDate",
        "ResponseId",
        "RecipientLastName",
        "RecipientFirstName",
        "RecipientEmail",
        "ExternalReference",
        "LocationLatitude",
        "LocationLongitude",
        "DistributionChannel",
        "UserLanguage",
        "Q1_NPS_GROUP",
        "Q1",
        "Q2",
        "Q2 - Topics",
        "Q3",
    ]
    texts = [
        *ids[:17],
        "How likely are you to recommend us? - Group",
        "How likely are you to recommend us?",
        "Why?",
        "Q2 - Topics",
        "Your plan",
    ]
    imports = [f'{{"ImportId":"{name}","timeZone":"Asia/Tokyo"}}' for name in ids]
    rows = [
        [
            f"2024-05-{i % 28 + 1:02} 10:00:00",
            f"2024-05-{i % 28 + 1:02} 10:05:00",
            "1" if i == 7 else "16" if i == 8 else "0",
            "203.0.113.9",
            "100",
            "300",
            "1",
            f"2024-05-{i % 28 + 1:02} 10:05:01",
            f"R_{i:015}",
            "",
            "",
            "",
            "",
            "35.1",
            "136.2",
            "anonymous",
            "EN",
            "Passive",
            str(i % 11),
            REASONS[i % 5],
            "",
            ["Free", "Pro"][i % 2],
        ]
        for i in range(n)
    ]
    return [ids, texts, imports, *rows]


def surveymonkey(n=40):
    first = [
        "Respondent ID",
        "Collector ID",
        "Start Date",
        "End Date",
        "IP Address",
        "Email Address",
        "First Name",
        "Last Name",
        "Custom Data 1",
        "How likely is it that you would recommend this company to a friend or colleague?",
        "What does this company do really well?",
        "Which of these did you use?",
        "",
        "",
        "Your region",
    ]
    second = [""] * 9 + [
        "Response",
        "Open-Ended Response",
        "Web",
        "Phone",
        "Other (please specify)",
        "Response",
    ]
    labels = {0: "Not at all likely - 0", 10: "Extremely likely - 10"}
    rows = [
        [
            str(114_000_000 + i),
            "4567",
            f"05/{i % 28 + 1:02}/2024 03:15:06 PM",
            f"05/{i % 28 + 1:02}/2024 03:18:06 PM",
            "203.0.113.9",
            "",
            "",
            "",
            "",
            labels.get(i % 11, str(i % 11)),
            varied(i),
            "Web" if i % 2 else "",
            "Phone" if i % 3 else "",
            "",
            ["North", "South"][i % 2],
        ]
        for i in range(n)
    ]
    return [first, second, *rows]


def google_forms(language, n=40):
    head = {
        "en": [
            "Timestamp",
            "Email Address",
            "How likely are you to recommend us? (0-10)",
            "Why did you give this score?",
            "Your plan",
        ],
        "ja": [
            "タイムスタンプ",
            "メールアドレス",
            "友人や同僚にすすめる可能性は？（0〜10）",
            "その理由をお聞かせください",
            "ご利用プラン",
        ],
    }[language]
    stamp = {"en": "5/{}/2024 15:05:06", "ja": "2024/05/{:02} 3:05:06 午後 GMT+9"}[language]
    reasons = RIYU if language == "ja" else REASONS
    rows = [
        [stamp.format(i % 28 + 1), f"a{i}@example.com", str(i % 11), reasons[i % 5], ["A", "B"][i % 2]]
        for i in range(n)
    ]
    return [head, *rows]


def microsoft_forms(language, n=40):
    head = {
        "en": [
            "Id",
            "Start time",
            "Completion time",
            "Email",
            "Name",
            "How likely are you to recommend us?",
            "Why?",
            "Your role",
        ],
        "ja": [
            "ID",
            "開始時刻",
            "完了時刻",
            "メール",
            "名前",
            "知人にすすめたいと思いますか",
            "その理由を教えてください",
            "職種",
        ],
    }[language]
    reasons = RIYU if language == "ja" else REASONS
    rows = [
        [
            str(i + 1),
            f"5/{i % 28 + 1}/24 15:05:06",
            f"5/{i % 28 + 1}/24 15:08:06",
            "anonymous",
            "",
            str(i % 11),
            reasons[i % 5],
            ["営業", "開発"][i % 2],
        ]
        for i in range(n)
    ]
    return [head, *rows]


def typeform(n=40):
    head = [
        "#",
        "How likely are you to recommend us to a friend?",
        "What is the main reason for your score?",
        "Web",
        "Phone",
        "Other",
        "Your plan",
        "Response Type",
        "Start Date (UTC)",
        "Stage Date (UTC)",
        "Submit Date (UTC)",
        "Network ID",
        "Tags",
        "Ending",
    ]
    rows = [
        [
            f"{i:032x}",
            str(i % 11),
            varied(i),
            "Web" if i % 2 else "",
            "Phone" if i % 3 else "",
            "",
            ["Free", "Pro"][i % 2],
            "completed",
            f"2024-05-{i % 28 + 1:02} 10:00:00",
            "",
            f"2024-05-{i % 28 + 1:02} 10:05:00",
            "abc",
            "",
            "",
        ]
        for i in range(n)
    ]
    return [head, *rows]


EXPORTS = {
    "qualtrics": (qualtrics(), "Q1", ("Q2",), "RecordedDate", "ResponseId", ("Q3",)),
    "surveymonkey": (
        surveymonkey(),
        surveymonkey()[0][9],
        (surveymonkey()[0][10],),
        "End Date",
        "Respondent ID",
        ("Your region",),
    ),
    "google_forms en": (
        google_forms("en"),
        google_forms("en")[0][2],
        (google_forms("en")[0][3],),
        "Timestamp",
        None,
        ("Your plan",),
    ),
    "google_forms ja": (
        google_forms("ja"),
        google_forms("ja")[0][2],
        (google_forms("ja")[0][3],),
        "タイムスタンプ",
        None,
        ("ご利用プラン",),
    ),
    "microsoft_forms en": (
        microsoft_forms("en"),
        microsoft_forms("en")[0][5],
        ("Why?",),
        "Completion time",
        "Id",
        ("Your role",),
    ),
    "microsoft_forms ja": (
        microsoft_forms("ja"),
        microsoft_forms("ja")[0][5],
        ("その理由を教えてください",),
        "完了時刻",
        "ID",
        ("職種",),
    ),
    "typeform": (typeform(), typeform()[0][1], (typeform()[0][2],), "Submit Date (UTC)", "#", ("Your plan",)),
}


def damaged(rows):
    """Cut the file off in the last row, break a byte of a comment, and lose the delimiter of a row."""
    text = csv_text(rows[:-2]) + csv_text([["no delimiter left"]]) + csv_text(rows[-1:])[:25]
    for word in ("kind", "親切"):
        text = text.replace(word, "\udcff", 1)
    return text.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_in_its_real_shape(name, tmp_path):
    rows, score, comments, date, respondent, segments = EXPORTS[name]
    survey = read_export(write(tmp_path / "export.csv", rows))
    columns = survey.columns
    assert (columns.score, columns.comments, columns.date, columns.respondent) == (
        score,
        comments,
        date,
        respondent,
    )
    assert set(segments) <= set(columns.segments)
    assert survey.responses["date"].notna().all()
    assert survey.responses["date"].dt.strftime("%Y-%m").eq("2024-05").all()
    assert survey.responses["score"].nunique() == 11
    dropped = 1 if name == "qualtrics" else 0
    assert survey.log.rows() == {"read": 40, "kept": 40 - dropped, "quarantined": dropped, "duplicates": 0}
    assert not any("example.com" in cell for cell in survey.responses["respondent"])


@pytest.mark.parametrize("name", EXPORTS)
def test_the_tool_is_recognised(name, tmp_path):
    from nps_nlp.intake import open_export

    assert open_export(write(tmp_path / "export.csv", EXPORTS[name][0])).sources[0].tool == name.split()[0]


@pytest.mark.parametrize("name", EXPORTS)
def test_a_damaged_export_loses_only_what_is_damaged(name, tmp_path):
    rows, score, comments, *_ = EXPORTS[name]
    survey = read_export(write(tmp_path / "export.csv", damaged(rows)))
    log = survey.log
    assert (survey.columns.score, survey.columns.comments) == (score, comments)
    assert log.read == log.kept + len(log.quarantined) == 40
    assert log.kept == 38 - (name == "qualtrics")
    assert "no delimiter left" in [aside.cells[0] for aside in log.quarantined]
    assert log.notes["lines with bytes that no encoding explains, shown as \ufffd"] == 1


def test_a_question_text_names_its_column_in_qualtrics(tmp_path):
    path = write(tmp_path / "export.csv", qualtrics())
    survey = read_export(path, score="How likely are you to recommend us?", comments=["Why?"], segments="Your plan")
    assert (survey.columns.score, survey.columns.comments, survey.columns.segments) == (
        "Q1",
        ("Q2",),
        ("Q3",),
    )
    assert survey.columns.question("Q2") == "Why?"


def test_options_of_one_question_in_several_columns_in_surveymonkey(tmp_path):
    survey = read_export(write(tmp_path / "export.csv", surveymonkey()))
    headings = [d.heading for d in survey.columns.decisions]
    question = "Which of these did you use?"
    assert {f"{question} - {o}" for o in ("Web", "Phone", "Other (please specify)")} <= set(headings)


def test_the_points_of_a_quiz_are_no_second_score(tmp_path):
    rows = microsoft_forms("en")
    wider = [
        [*row, *extra]
        for row, extra in zip(
            rows,
            [["Total points", "Points - How likely are you to recommend us?"], *[["3", "1"]] * 40],
            strict=True,
        )
    ]
    assert read_export(write(tmp_path / "export.csv", wider)).columns.score == "How likely are you to recommend us?"


def test_presets_are_complete():
    assert list(presets()) == [
        "google_forms",
        "microsoft_forms",
        "qualtrics",
        "surveymonkey",
        "typeform",
        "generic",
    ]
    assert all(p.name and p.source for p in presets().values())
    assert presets()["qualtrics"].role_of("Q7_NPS_GROUP") == "ignored"
    assert presets()["typeform"].role_of("Your plan") is None
