"""Exports of NPS tools, customer platforms, panels and open data, all invented: 40 responses each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.intake.samples_tools import FORMS, N, Shape, cp932, day, en, ja, jsonl, table, unix

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLANS = ["Free", "Pro"]


def alchemer() -> list[Sequence[object]]:
    head = [
        "Response ID",
        "Time Started",
        "Date Submitted",
        "Status",
        "Contact ID",
        "Legacy Comments",
        "Comments",
        "Language",
        "Referer",
        "SessionID",
        "User Agent",
        "Tags",
        "IP Address",
        "Longitude",
        "Latitude",
        "Country",
        "City",
        "State/Region",
        "Postal",
        "How likely are you to recommend us to a friend?",
        "Why did you give this score?",
        "Web:What do you use?",
        "Your plan",
    ]

    def row(i: int) -> list[str]:
        status = {6: "Deleted", 7: "Disqualified", 9: "Partial"}.get(i, "Complete")
        meta = [str(i + 1), f"{day(i)} 10:00:00", f"{day(i)} 10:05:00", status, "", "", "seen by Ann" if i == 3 else ""]
        meta += ["English", "", f"{i}_abc", "Mozilla/5.0", "", "203.0.113.9", "139.7", "35.6"]
        return [*meta, "Japan", "Tokyo", "13", "100-0001", str(i % 11), en(i), "Web" if i % 2 else "", _PLANS[i % 2]]

    return table(head, row)


def zoho() -> list[Sequence[object]]:
    head = [
        "Response ID",
        "Response Start Time",
        "Response Submitted Time",
        "Time Taken",
        "Response Status",
        "Collector Name",
        "IP Address",
        "How likely are you to recommend us?",
        "Please tell us why",
        "Your plan",
    ]
    return table(
        head,
        lambda i: [
            str(8_100_000 + i), f"{day(i)} 10:00:00", f"{day(i)} 10:05:00", "300",
            {7: "Disqualified", 9: "Partial"}.get(i, "Completed"), "Web link", "203.0.113.9", str(i % 11), en(i),
            _PLANS[i % 2],
        ],
    )  # fmt: skip


def questionpro() -> list[Sequence[object]]:
    head = [
        "Response ID",
        "IP Address",
        "Timestamp (dd/mm/yyyy)",
        "Duplicate",
        "Time Taken to Complete (Seconds)",
        "Sequence Number",
        "External Reference",
        "Respondent Email",
        "How likely are you to recommend us?",
        "What could we do better?",
        "Your plan",
    ]
    return table(
        head,
        lambda i: [
            str(8_100_000 + i), "203.0.113.9", f"{i % 12 + 1:02}/05/2024 10:00:00", "0", "300", "1", "",
            f"a{i}@example.com", str(i % 11), en(i), _PLANS[i % 2],
        ],
    )  # fmt: skip


def survicate() -> list[Sequence[object]]:
    head = [
        "Response UUID", "Respondent UUID", "Date & Time (UTC)", "Email", "URL", "Device type",
        "Q1: How likely are you to recommend us to a friend?", "Q2: What is the reason for your score?",
    ]  # fmt: skip
    return table(
        head,
        lambda i: [
            f"aaaa{i:04}-0000-4000-8000-000000000000", f"bbbb{i:04}-0000-4000-8000-000000000000", f"{day(i)} 10:05:00",
            f"a{i}@example.com", "https://example.com/", ["desktop", "mobile"][i % 2], str(i % 11), en(i),
        ],
    )  # fmt: skip


def wootric() -> list[Sequence[object]]:
    head = [
        "id",
        "score",
        "text",
        "created_at",
        "updated_at",
        "excluded_from_calculations",
        "ip_address",
        "origin_url",
        "end_user_id",
        "survey_id",
        "completed",
        "plan",
    ]
    return table(
        head,
        lambda i: [
            str(500 + i), str(i % 11), en(i), f"{day(i)} 10:05:00 UTC", f"{day(i)} 10:06:00 UTC",
            "true" if i in {7, 8} else "false", "203.0.113.9", "https://example.com", str(9_000_000 + i), "12", "true",
            _PLANS[i % 2],
        ],
    )  # fmt: skip


def attest() -> list[Sequence[object]]:
    head = [
        "Respondent ID", "Round name", "Completed at", "Gender", "Age group",
        "Q1. How likely are you to recommend Brand X to a friend? (0-10)", "Q2. Why did you give that score?",
    ]  # fmt: skip
    return table(
        head,
        lambda i: [
            f"{i:08x}-aaaa-4000-8000-{i:012x}", ["Spring", "Summer"][i % 2], f"{day(i)} 10:05:00",
            ["Female", "Male"][i % 2], ["18-24", "25-34", "35-44"][i % 3], str(i % 11), en(i),
        ],
    )  # fmt: skip


def delighted(*, api: bool) -> list[Sequence[object]]:
    if api:
        head = "id,person,survey_type,score,comment,permalink,created_at,updated_at,person_properties.plan,tags,notes"
    else:
        head = "ID,Name,Email,Score,Comment,Permalink,Created at,Updated at,Survey type,Tags,plan"

    def row(i: int) -> list[object]:
        kind = "csat" if i == 7 else "nps"
        if api:
            score = [i % 11, en(i), f"https://delighted.com/r/{i}", unix(i), unix(i) + 60]
            return [str(7_000_000 + i), str(9_000_000 + i), kind, *score, _PLANS[i % 2], [], []]
        score = [str(i % 11), en(i), f"https://delighted.com/r/{i}", str(unix(i)), str(unix(i) + 60)]
        return [str(7_000_000 + i), f"Anna {i}", f"a{i}@example.com", *score, kind, "", _PLANS[i % 2]]

    return table(head.split(","), row)


def asknicely() -> list[Sequence[object]]:
    head = [
        "response_id",
        "person_id",
        "contact_id",
        "name",
        "email",
        "answer",
        "answerlabel",
        "data",
        "comment",
        "note",
        "status",
        "dontcontact",
        "sent",
        "opened",
        "responded",
        "lastemailed",
        "created",
        "segment",
        "question_type",
        "published",
        "email_token",
    ]

    def row(i: int) -> list[str]:
        who = [str(i + 1), str(900 + i), str(900 + i), f"Anna {i}", f"a{i}@example.com", str(i % 11), "", "", en(i), ""]
        times = [str(unix(i) - 9), str(unix(i) - 5), str(unix(i)), str(unix(i) - 9), str(unix(i) - 99)]
        return [*who, "N", "0", *times, ["Shop", "Web"][i % 2], "csat" if i in {7, 8} else "nps", "0", f"t{i}"]

    return table(head, row)


def hubspot(*, api: bool) -> list[Sequence[object]]:
    names = (
        "hs_value,hs_content,hs_survey_type,hs_submission_timestamp,hs_survey_name,hs_response_group,hs_survey_channel"
    )
    head = ["id", *(f"properties.{n}" if api else n for n in names.split(","))]

    def row(i: int) -> list[object]:
        kind = {7: "CSAT", 8: "CES"}.get(i, "NPS")
        group = ["DETRACTOR", "PASSIVE", "PROMOTER"][(i % 11 > 6) + (i % 11 > 8)]
        survey = ["Onboarding", "Renewal"][i % 2]
        return [str(7_000_000 + i), str(i % 11), en(i), kind, f"{day(i)}T10:05:00.000Z", survey, group, "EMAIL"]

    return table(head, row)


def zendesk() -> list[Sequence[object]]:
    head = [
        "id",
        "user_id",
        "user_name",
        "user_email",
        "survey_id",
        "survey_name",
        "recipient_id",
        "delivery_id",
        "delivered_at",
        "rated_at",
        "rating",
        "comment",
    ]
    return table(
        head,
        lambda i: [
            str(i + 1), str(154_506_000 + i), f"Anna {i}", f"a{i}@example.com", "1", ["May", "June"][i % 2],
            str(360_121_000 + i), "1", f"{day(i)}T00:00:00-07:00", f"{day(i)}T10:00:00-07:00", str(i % 11), en(i),
        ],
    )  # fmt: skip


def mixpanel() -> list[Sequence[object]]:
    """Return events; the one of row 7 was sent twice."""
    head = [
        "event",
        *(f"properties.{n}" for n in ("time", "distinct_id", "$insert_id", "score", "comment", "plan", "$os")),
    ]

    def row(i: int) -> list[object]:
        number = 6 if i == 7 else i
        times = [unix(number), f"user-{number}", f"insert{number:010}"]
        return ["NPS Response", *times, number % 11, en(number), _PLANS[number % 2], "iOS"]

    return table(head, row)


def medallia(*, keys: bool) -> list[Sequence[object]]:
    head = ["Survey ID", "Response Date", "Unit", "Likelihood to Recommend", "Comments - Overall", "NPS Segment"]
    if keys:
        head = [
            "a_surveyid",
            "e_responsedate",
            "e_unitid_name",
            "q_hotel_ltr_scale11",
            "q_hotel_overall_cmt",
            "k_nps_segment",
        ]

    def row(i: int) -> list[str]:
        group = ["Detractor", "Passive", "Promoter"][(i % 11 > 6) + (i % 11 > 8)]
        return [str(5_000_000 + i), f"{day(i)} 10:05:00", ["Kyoto", "Nara"][i % 2], str(i % 11), en(i), group]

    return table(head, row)


def salesforce() -> list[Sequence[object]]:
    head = ["Survey Response: Response ID", "Created Date", "Account Name", "NPS Score", "Feedback", "Product Line"]
    rows = table(
        head,
        lambda i: [f"SR-{i:05}", f"5/{i % 28 + 1}/2024", f"Company {i}", str(i % 11), en(i), ["Core", "Plus"][i % 2]],
    )
    return [
        *rows,
        ["Grand Totals (40 records)"],
        ["NPS report of May"],
        ["Copyright (c) 2000-2024 salesforce.com, inc. All rights reserved."],
        ["Confidential Information - Do Not Distribute"],
        ["Generated By: Anna Example 6/1/2024, 9:00 AM"],
    ]


def panel() -> list[Sequence[object]]:
    """Return answers as a panel writes them without a key: header on row 3, labels in the cells of q5."""
    head = ["回答者ID", "回答日時", "SEX", "AGE", "q1s1", "q1s2", "q3_1", "q3_2", "q5", "q5t1"]

    def row(i: int) -> list[str]:
        who = [
            f"S{i:06}",
            f"2024/05/{i % 28 + 1:02} 10:05:00",
            ["男性", "女性"][i % 2],
            ["20代", "30代", "40代"][i % 3],
        ]
        return [*who, str(i % 5 + 1), str(i % 4 + 1), "1" if i % 2 else "0", "1" if i % 3 else "", str(i % 11), ja(i)]

    body = table(head, row)
    return [["顧客満足度調査　ローデータ"], ["実施期間：2024年5月"], *body]


def fukui() -> list[Sequence[object]]:
    head = [
        "会員ID",
        "性別",
        "年代",
        "都道府県",
        "回答日時",
        "回答月",
        "回答エリア",
        "回答エリア2",
        "訪問目的ALL",
        "温泉",
        "食べ物",
        "満足度",
        "満足度の理由",
        "NPS",
    ]
    areas = ["01.東尋坊 エリア", "02.芦原温泉 エリア"]
    return table(
        head,
        lambda i: [
            f"{i:012x}", ["男", "女"][i % 2], ["20代", "30代"][i % 2], ["福井県", "石川県"][i % 2],
            f"{day(i)} 10:05:00", "5月", areas[i % 2][3:], areas[i % 2],
            ["温泉\n", "温泉\n食べ物\n", "食べ物\n"][i % 3], str(int(i % 3 < 2)), str(int(i % 3 > 0)),
            ["満足", "不満"][i % 2], ja(i), str(i % 11),
        ],
    )  # fmt: skip


EXPORTS = FORMS | {
    "alchemer": Shape(
        "alchemer", alchemer(), "How likely are you to recommend us to a friend?", ("Why did you give this score?",),
        "Date Submitted", "Response ID", ("Your plan",), 2,
    ),
    "zoho_survey": Shape(
        "zoho_survey", zoho(), "How likely are you to recommend us?", ("Please tell us why",),
        "Response Submitted Time", "Response ID", ("Your plan",), 1,
    ),
    "questionpro": Shape(
        "questionpro", questionpro(), "How likely are you to recommend us?", ("What could we do better?",),
        "Timestamp (dd/mm/yyyy)", "Response ID", ("Your plan",),
    ),
    "survicate": Shape(
        "survicate", survicate(), "Q1: How likely are you to recommend us to a friend?",
        ("Q2: What is the reason for your score?",), "Date & Time (UTC)", "Respondent UUID", ("Device type",),
    ),
    "wootric": Shape("wootric", wootric(), "score", ("text",), "created_at", "end_user_id", ("plan",), 2),
    "attest": Shape(
        "attest", attest(), "Q1. How likely are you to recommend Brand X to a friend? (0-10)",
        ("Q2. Why did you give that score?",), "Completed at", "Respondent ID", ("Round name", "Gender", "Age group"),
    ),
    "delighted": Shape("delighted", delighted(api=False), "Score", ("Comment",), "Created at", None, ("plan",), 1),
    "delighted API": Shape(
        "delighted", delighted(api=True), "score", ("comment",), "created_at", "person", ("person_properties.plan",), 1,
        write=jsonl, suffix=".jsonl",
    ),
    "asknicely": Shape("asknicely", asknicely(), "answer", ("comment",), "responded", "person_id", ("segment",), 2),
    "hubspot": Shape(
        "hubspot", hubspot(api=False), "hs_value", ("hs_content",), "hs_submission_timestamp", None,
        ("hs_survey_name",), 2,
    ),
    "hubspot API": Shape(
        "hubspot", hubspot(api=True), "properties.hs_value", ("properties.hs_content",),
        "properties.hs_submission_timestamp", None, ("properties.hs_survey_name",), 2, write=jsonl, suffix=".jsonl",
    ),
    "zendesk": Shape("zendesk", zendesk(), "rating", ("comment",), "rated_at", "user_id", ("survey_name",)),
    "mixpanel": Shape(
        "mixpanel", mixpanel(), "properties.score", ("properties.comment",), "properties.time",
        "properties.distinct_id", ("properties.plan",), 1, write=jsonl, suffix=".jsonl",
    ),
    "medallia": Shape(
        "medallia", medallia(keys=False), "Likelihood to Recommend", ("Comments - Overall",), "Response Date",
        "Survey ID", ("Unit",),
    ),
    "medallia field keys": Shape(
        "medallia", medallia(keys=True), "q_hotel_ltr_scale11", ("q_hotel_overall_cmt",), "e_responsedate",
        "a_surveyid", ("e_unitid_name",),
    ),
    "salesforce": Shape(
        "salesforce", salesforce(), "NPS Score", ("Feedback",), "Created Date", "Survey Response: Response ID",
        ("Product Line",), 5,
    ),
    "japanese_panel": Shape(
        "japanese_panel", panel(), "q5", ("q5t1",), "回答日時", "回答者ID", ("SEX", "AGE", "q3"), head=3, write=cp932,
        japanese=True,
    ),
    "fukui_open_data": Shape(
        "fukui_open_data", fukui(), "NPS", ("満足度の理由",), "回答日時", "会員ID", ("性別", "回答エリア"),
        japanese=True,
    ),
}  # fmt: skip

assert all(shape.answers >= N for shape in EXPORTS.values())
