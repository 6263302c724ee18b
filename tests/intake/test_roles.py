from __future__ import annotations

import pytest

from nps_nlp.intake.profile import Sample, describe_all
from nps_nlp.intake.roles import MAX_SEGMENTS, Wishes, assign_roles
from tests.intake.samples import refusal

N = 60
SCORES = [str(i % 11) for i in range(N)]
JA = [f"{i}番の窓口の対応がとても丁寧で良かったです" for i in range(N)]
EN = [f"Desk {i} was quick, kind, and very cheap" for i in range(N)]


def roles(columns, *, preset=None, folded=None, **wishes):
    columns = {"NPS": SCORES, **columns}
    profiles, files = describe_all([Sample("a.csv", columns)], {}), {"a.csv": columns.keys()}
    return assign_roles(profiles, preset or {}, Wishes(**wishes), files, folded or {})


def role_of(heading, cells):
    return next(d for d in roles({heading: cells}).decisions if d.heading == heading)


@pytest.mark.parametrize(
    ("heading", "cells", "role"),
    [
        ("推奨の理由", JA, "comment"),
        ("Why did you give this score?", EN, "comment"),
        ("Q7", JA, "comment"),
        ("Begründung", ["Der Support ist schnell", "Das Produkt ist viel zu teuer"] * 30, "comment"),
        ("Pourquoi cette note ?", ["Le support répond très vite", "C'est beaucoup trop cher"] * 30, "comment"),
        ("Comentarios", ["El soporte responde rápido", "Es demasiado caro"] * 30, "comment"),
        ("回答日", [f"{45292 + i}.5" for i in range(N)], "date"),
        ("Comment ID", [f"rdr 2020 {i:03}" for i in range(N)], "respondent"),
        ("Q3.接客（0〜10）", [str(i % 11) for i in range(N)], "rating"),
        ("Lifetime value", [str(30_000 + 7 * i) for i in range(N)], "ignored"),
        ("What's your first name?", ["Anna", "Bert"] * 30, "ignored"),
        ("改善してほしい点", ["特になし"] * 50 + [f"{i}階のトイレが狭い" for i in range(10)], "comment"),
        ("電話対応についてのご意見", JA, "comment"),
        ("How well did we address your concern?", EN, "comment"),
        (
            "その理由をお聞かせください",
            ["対応がとても丁寧だったから"] * 40 + ["料金がとても高いと思うから"] * 20,
            "comment",
        ),
        ("解約理由", ["価格が高い", "使いにくい", "他社へ移行"] * 20, "segment"),
        ("性別", ["男性", "女性", "回答しない"] * 20, "segment"),
        ("会員種別", ["なし", "あり"] * 30, "segment"),
        ("Store name", ["North", "South"] * 30, "segment"),
        ("回答日時", [f"2024-05-{i % 28 + 1:02} 10:00:00" for i in range(N)], "date"),
        ("Submitted", [f"2024-05-{i % 28 + 1:02}" if i % 3 else "unknown" for i in range(N)], "date"),
        ("回答日", ["20240501", "20240502"] * 30, "date"),
        ("会員ID", [f"M{i:05}" for i in range(N)], "respondent"),
        ("お客様番号", [str(10_000 + i) for i in range(N)], "respondent"),
        ("氏名", [f"山田 {i}郎" for i in range(N)], "ignored"),
        ("お名前（任意）", [f"山田 {i}郎" for i in range(N)], "ignored"),
        ("E-mail", [f"a{i}@example.com" for i in range(N)], "ignored"),
        ("連絡先", [f"090-1234-{i:04}" for i in range(N)], "ignored"),
        ("First Name", [f"Anna {i}" for i in range(N)], "ignored"),
        ("満足度", ["満足", "やや満足", "普通"] * 20, "rating"),
        ("温泉", ["0", "1"] * 30, "option"),
        ("利用機能", ["A;B", "A", "B;C"] * 20, "multi_select"),
        ("空", [""] * N, "ignored"),
        ("国", ["日本"] * N, "ignored"),
        ("回答月", ["5月", "6月"] * 30, "ignored"),
        ("金額", [str(1000 + i * 17) for i in range(N)], "ignored"),
    ],
)
def test_what_a_column_is_taken_for(heading, cells, role):
    decision = role_of(heading, cells)
    assert decision.role == role, decision
    assert decision.reason
    assert 0 <= decision.confidence <= 1


def test_every_column_has_a_decision_and_the_unused_say_why():
    found = roles({f"S{i:02}": ["a", "b"] * 30 for i in range(MAX_SEGMENTS + 3)})
    assert [d.heading for d in found.decisions] == ["NPS", *(f"S{i:02}" for i in range(MAX_SEGMENTS + 3))]
    assert len(found.segments) == MAX_SEGMENTS
    assert [d.reason.startswith("not used (segment") for d in found.decisions].count(True) == 3


def test_no_comments_and_no_segments_are_fine():
    found = roles({})
    assert (found.score, found.comments, found.segments, found.date, found.respondent) == (
        "NPS",
        (),
        (),
        None,
        None,
    )


def test_the_surest_date_is_the_date():
    found = roles({"when": ["2024-05-01", "2024-05-02"] * 30, "回答日時": ["2024-06-01", "2024-06-02"] * 30})
    assert found.date == "回答日時"
    assert next(d.role for d in found.decisions if d.heading == "when") == "ignored"


def test_what_the_user_names_wins():
    columns = {
        "理由": JA,
        "memo": JA,
        "性別": ["男", "女"] * 30,
        "年": ["2024", "2025"] * 30,
        "x": ["5", "6"] * 30,
    }
    found = roles(columns, comments=("memo",), segments=("年",), date="x", score="NPS")
    assert (found.comments, found.segments, found.date) == (("memo",), ("年",), "x")
    assert {d.heading: d.role for d in found.decisions} == {
        "NPS": "score",
        "理由": "ignored",
        "memo": "comment",
        "性別": "ignored",
        "年": "segment",
        "x": "date",
    }


def test_a_named_column_may_be_written_with_its_line_breaks_or_by_its_question():
    sample = Sample("a.csv", {"Q1": SCORES, "Q2": JA})
    profiles = describe_all([sample], {"Q2": "理由を お聞かせ ください"})
    found = assign_roles(
        profiles, {}, Wishes(score="Q1", comments=("理由を\nお聞かせ\nください",)), {"a.csv": {"Q1", "Q2"}}, {}
    )
    assert found.comments == ("Q2",)


def test_preset_roles_stand_unless_the_user_names_the_column():
    columns = {"Score": ["1", "2", "10"] * 20}
    assert roles(columns, preset={"Score": "ignored"}).score == "NPS"
    assert roles(columns, preset={"Score": "ignored"}, score="Score").score == "Score"


def test_columns_that_are_not_there_or_named_twice_are_refused():
    assert "there is no column 'Reason'; name one of 'NPS', '理由'" in refusal(
        lambda: roles({"理由": JA}, comments=("Reason",))
    )
    assert "column 'NPS' was named twice" in refusal(lambda: roles({"理由": JA}, score="NPS", comments=("NPS",)))


def test_a_comment_column_is_no_candidate_for_the_score():
    assert roles({"点数": SCORES[::-1]}, comments=("NPS",)).score == "点数"
