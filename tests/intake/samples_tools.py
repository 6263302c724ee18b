"""Exports in the shape in which each survey tool writes them, all invented: 40 responses each."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.intake.samples import csv_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

N = 40
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


@dataclass(frozen=True)
class Shape:
    """An export as rows, and what must be read from it.

    `dropped` rows are no answers by the rules of the tool. `respondent` and `date` are headings or None.
    """

    tool: str
    rows: Sequence[Sequence[object]]
    score: str
    comments: tuple[str, ...]
    date: str | None
    respondent: str | None
    segments: tuple[str, ...] = ()
    dropped: int = 0
    head: int = 1
    write: Callable[[Sequence[Sequence[object]]], bytes] = lambda rows: csv_text(rows).encode()
    suffix: str = ".csv"
    japanese: bool = False

    @property
    def answers(self) -> int:
        return len(self.rows) - self.head

    def content(self) -> bytes:
        return self.write(self.rows)

    def with_rows(self, rows: Sequence[Sequence[object]]) -> Shape:
        return replace(self, rows=rows)


def en(i: int) -> str:
    """Return the i-th comment: fillers and blanks come back, the others never say quite the same."""
    return f"{REASONS[i % 5]} {i}" if i % 5 < 3 else REASONS[i % 5]


def ja(i: int) -> str:
    return f"{RIYU[i % 5]}（{i}）" if i % 5 < 3 else RIYU[i % 5]


def day(i: int) -> str:
    return f"2024-05-{i % 28 + 1:02}"


def unix(i: int) -> int:
    """Return a second of the day `day(i)`."""
    return 1_714_521_600 + i % 28 * 86_400 + 36_000 + i


def table(head: Sequence[str], row: Callable[[int], Sequence[object]], *more: Sequence[str]) -> list[Sequence[object]]:
    return [head, *more, *(row(i) for i in range(N))]


def jsonl(rows: Sequence[Sequence[object]]) -> bytes:
    """Write rows as JSON lines; a dot in a heading nests."""
    lines = []
    for row in rows[1:]:
        record: dict[str, object] = {}
        for name, value in zip(rows[0], row, strict=False):
            outer, _, inner = str(name).partition(".")
            if inner:
                record.setdefault(outer, {})[inner] = value  # type: ignore[index]
            else:
                record[outer] = value
        lines.append(json.dumps(record, ensure_ascii=False))
    return "\n".join(lines).encode()


def utf16_tsv(rows: Sequence[Sequence[object]]) -> bytes:
    return csv_text(rows, "\t").encode("utf-16")


def with_bom(rows: Sequence[Sequence[object]]) -> bytes:
    return csv_text(rows).encode("utf-8-sig")


def cp932(rows: Sequence[Sequence[object]]) -> bytes:
    return csv_text(rows).encode("cp932")


# --- Qualtrics --------------------------------------------------------------------------------------------

_META = (
    "StartDate EndDate Status IPAddress Progress Duration_(in_seconds) Finished RecordedDate ResponseId "
    "RecipientLastName RecipientFirstName RecipientEmail ExternalReference LocationLatitude LocationLongitude "
    "DistributionChannel UserLanguage"
)
META = [name.replace("_", " ") for name in _META.split()]
_ASKED = {
    "en": ["How likely are you to recommend us?", "Why?", "Which did you use?", "Your plan"],
    "ja": [
        "当社を友人や同僚に薦める可能性はどのくらいですか？",
        "その理由を教えてください",
        "利用したもの",
        "ご利用プラン",
    ],
}


def _meta(i: int, *, words: bool) -> list[str]:
    status = {7: "Survey Preview", 8: "Spam"} if words else {7: "1", 8: "8"}
    normal = "IP Address" if words else "0"
    finished = ("False" if i == 9 else "True") if words else ("0" if i == 9 else "1")
    times = [f"{day(i)} 10:00:00", f"{day(i)} 10:05:00"]
    start = [*times, status.get(i, normal), "203.0.113.9", "100", "300", finished, f"{day(i)} 10:05:01"]
    return [*start, f"R_{i:015}", "", "", "", "", "35.1", "136.2", "anonymous", "JA"]


def qualtrics(language: str = "en", *, words: bool = False) -> list[Sequence[object]]:
    reason, asked = (ja if language == "ja" else en), _ASKED[language]
    ids = [*META, "Q1_NPS_GROUP", "Q1", "Q2", "Q2 - Topics", "Q2 - Sentiment", "Q5_1", "Q5_2", "Q3"]
    options = [f"{asked[2]} - Selected Choice - {option}" for option in ("Web", "Phone")]
    texts = [*META, f"{asked[0]} - Group", asked[0], asked[1], "Q2 - Topics", "Q2 - Sentiment", *options, asked[3]]
    imports = [f'{{"ImportId":"{name[0].lower()}{name[1:]}","timeZone":"Asia/Tokyo"}}' for name in META]
    imports[8] = '{"ImportId":"_recordId"}'
    imports += [f'{{"ImportId":"QID{n}"}}' for n in range(len(ids) - len(META))]

    def row(i: int) -> list[str]:
        score = i % 11
        group = 3 if score > 8 else 2 if score > 6 else 1
        group_name = {3: "Promoter", 2: "Passive", 1: "Detractor"}[group]
        used = ["Web" if i % 2 else "", "Phone" if i % 3 else ""]
        if not words:
            used = ["1" if cell else "" for cell in used]
        answers = [group_name if words else str(group), str(score), reason(i), "Price" if i % 4 else "", "Mixed"]
        return [*_meta(i, words=words), *answers, *used, ["Free", "Pro"][i % 2]]

    return table(ids, row, texts, imports)


def qualtrics_legacy() -> list[Sequence[object]]:
    named = "ResponseID ResponseSet Name ExternalDataReference EmailAddress IPAddress Status StartDate EndDate Finished"
    ids = [f"V{n}" for n in range(1, 11)] + ["Q1", "Q2", "Q3", ""]
    texts = [*named.split(), *_ASKED["en"][:2], _ASKED["en"][3], ""]

    def row(i: int) -> list[str]:
        meta = [f"R_{i:015}", "Default Response Set", "Anonymous", "", "", "203.0.113.9", "1" if i == 7 else "0"]
        return [*meta, f"{day(i)} 10:00:00", f"{day(i)} 10:05:00", "1", str(i % 11), en(i), ["Free", "Pro"][i % 2], ""]

    return table(ids, row, texts)


def qualtrics_dashboard() -> list[Sequence[object]]:
    head = [
        "Survey_ID", "_recordId", "_sourceId", "Program_Type", "Responsedate (+00:00 GMT)", "Email",
        "Overall Satisfaction", "Post_Go-Live_NPS", "What_are_the_main_reasons_for_your_score?",
        "What_are_the_main_reasons_for_your_score? - Topics", "Sub Region", "Test Data Flag",
        "_cachedDate (+00:00 GMT)",
    ]  # fmt: skip

    def row(i: int) -> list[str]:
        ids = [f"R_{i:015}", f"R_{i:015}", "SV_1", ["Post Go-Live", "Mid-Project"][i % 2], f"{day(i)} 10:05:01"]
        score = [f"a{i}@example.com", str(i % 5 + 1), str(i % 11), en(i), "Price"]
        return [*ids, *score, ["EMEA", "APJ"][i % 2], "yes" if i == 7 else "", "2024-06-01 00:00:00"]

    return table(head, row)


# --- Forms ------------------------------------------------------------------------------------------------


def surveymonkey(*, lower: bool = False) -> list[Sequence[object]]:
    meta = "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1"
    newer = (
        "respondent_id,collector_id,date_created,date_modified,ip_address,email_address,first_name,last_name,custom_1"
    )
    first = [
        *(newer if lower else meta).split(","),
        "How likely is it that you would recommend\nthis company to a friend or colleague?",
        "What does this company do really well?", "Which of these did you use?", "", "", "Your region",
    ]  # fmt: skip
    second = [""] * 9 + ["Response", "Open-Ended Response", "Web", "Phone", "Other (please specify)", "Response"]
    labels = {0: "Not at all likely - 0", 10: "Extremely likely - 10"}

    def row(i: int) -> list[str]:
        meta = [str(11_400_000_000 + i), "4567", f"05/{i % 28 + 1:02}/2024 03:15:06 PM"]
        score = labels.get(i % 11, str(i % 11))
        used = ["Web" if i % 2 else "", "Phone" if i % 3 else "", "by post" if i == 3 else ""]
        end = f"05/{i % 28 + 1:02}/2024 03:18:06 PM"
        return [*meta, end, "203.0.113.9", "", "", "", "", score, en(i), *used, ["North", "South"][i % 2]]

    return table(first, row, second)


def google_forms(language: str) -> list[Sequence[object]]:
    head = {
        "en": [
            "Timestamp", "Email Address", "How likely are you to recommend us? (0-10)", "Why did you give this score?",
            "Your plan", "What do you use?",
        ],
        "ja": [
            "タイムスタンプ", "メールアドレス", "友人や同僚にすすめる可能性は？（0〜10）", "その理由をお聞かせください",
            "ご利用プラン", "よく使う機能（複数選択可）",
        ],
    }[language]  # fmt: skip
    stamp = {"en": "5/{}/2024 15:05:06", "ja": "2024/05/{:02} 3:05:06 午後 GMT+9"}[language]
    reason = ja if language == "ja" else en
    return table(
        head,
        lambda i: [
            stamp.format(i % 28 + 1), f"a{i}@example.com", str(i % 11), reason(i), ["A", "B"][i % 2],
            ["請求書;経費精算", "請求書, レポート", "経費精算"][i % 3],
        ],
    )  # fmt: skip


def microsoft_forms(language: str) -> list[Sequence[object]]:
    head = {
        "en": [
            "Id", "Start time", "Completion time", "Email", "Name", "How likely are you to recommend us?", "Why?",
            "Your role", "What do you use?",
        ],
        "ja": [
            "ID", "開始時刻", "完了時刻", "メール", "名前", "知人にすすめたいと思いますか", "その理由を教えてください",
            "職種", "使っている機能",
        ],
    }[language]  # fmt: skip
    reason = ja if language == "ja" else en
    return table(
        head,
        lambda i: [
            str(i + 1), f"5/{i % 28 + 1}/24 15:05:06", f"5/{i % 28 + 1}/24 15:08:06", "anonymous", "", str(i % 11),
            reason(i), ["営業", "開発"][i % 2], ["予定表;", "予定表;検索;", "検索;"][i % 3],
        ],
    )  # fmt: skip


def typeform(*, new: bool) -> list[Sequence[object]]:
    asked = ["How likely are you to recommend {{field:1a2b}} to a friend?", "What is the main reason for your score?"]
    head = ["#", *asked, "Web", "Phone", "Other", "Your phone number", "Your plan"]
    dates = [
        "Response Type",
        "Start Date (UTC)",
        "Stage Date (UTC)",
        "Submit Date (UTC)",
        "Network ID",
        "Tags",
        "Ending",
    ]
    head += dates if new else ["Start Date (UTC)", "Submit Date (UTC)", "Network ID"]

    def row(i: int) -> list[str]:
        used = ["Web" if i % 2 else "", "Phone" if i % 3 else "", "by post" if i == 3 else ""]
        answers = [f"{i:032x}", str(i % 11), en(i), *used, f"'+81 90 1234 {i:04}", ["Free", "Pro"][i % 2]]
        start, end = f"{day(i)} 10:00:00", f"{day(i)} 10:05:00"
        kind = "partial" if i == 9 else "completed"
        return [*answers, *([kind, start, "", end, "abc", "", ""] if new else [start, end, "abc"])]

    return table(head, row)


FORMS = {
    "qualtrics en": Shape(
        "qualtrics", qualtrics(), "Q1", ("Q2",), "RecordedDate", "ResponseId", ("Q3", "Q5"), 2, 3, with_bom
    ),
    "qualtrics ja in words, TSV": Shape(
        "qualtrics", qualtrics("ja", words=True), "Q1", ("Q2",), "RecordedDate", "ResponseId", ("Q3", "Q5"), 2, 3,
        utf16_tsv, ".tsv", japanese=True,
    ),
    "qualtrics legacy": Shape("qualtrics", qualtrics_legacy(), "Q1", ("Q2",), "V9", "V1", ("Q3",), 1, 2, with_bom),
    "qualtrics dashboard": Shape(
        "qualtrics", qualtrics_dashboard(), "Post_Go-Live_NPS", ("What_are_the_main_reasons_for_your_score?",),
        "Responsedate (+00:00 GMT)", "_recordId", ("Sub Region", "Program_Type"), 1,
    ),
    "surveymonkey": Shape(
        "surveymonkey", surveymonkey(),
        "How likely is it that you would recommend this company to a friend or colleague?",
        ("What does this company do really well?",), "End Date", "Respondent ID",
        ("Your region", "Which of these did you use?"), head=2,
    ),
    "surveymonkey newer": Shape(
        "surveymonkey", surveymonkey(lower=True),
        "How likely is it that you would recommend this company to a friend or colleague?",
        ("What does this company do really well?",), "date_modified", "respondent_id", ("Your region",), head=2,
    ),
    "google_forms en": Shape(
        "google_forms", google_forms("en"), "How likely are you to recommend us? (0-10)",
        ("Why did you give this score?",), "Timestamp", None, ("Your plan",),
    ),
    "google_forms ja": Shape(
        "google_forms", google_forms("ja"), "友人や同僚にすすめる可能性は？（0〜10）", ("その理由をお聞かせください",),
        "タイムスタンプ", None, ("ご利用プラン",), japanese=True,
    ),
    "microsoft_forms en": Shape(
        "microsoft_forms", microsoft_forms("en"), "How likely are you to recommend us?", ("Why?",), "Completion time",
        "Id", ("Your role",),
    ),
    "microsoft_forms ja": Shape(
        "microsoft_forms", microsoft_forms("ja"), "知人にすすめたいと思いますか", ("その理由を教えてください",),
        "完了時刻", "ID", ("職種",), write=cp932, japanese=True,
    ),
    "typeform old": Shape(
        "typeform", typeform(new=False), "How likely are you to recommend {{field:1a2b}} to a friend?",
        ("What is the main reason for your score?",), "Submit Date (UTC)", "#", ("Your plan",),
    ),
    "typeform new": Shape(
        "typeform", typeform(new=True), "How likely are you to recommend {{field:1a2b}} to a friend?",
        ("What is the main reason for your score?",), "Submit Date (UTC)", "#", ("Your plan", "Web / Phone"),
    ),
}  # fmt: skip
