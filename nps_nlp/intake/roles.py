"""Decide the role of every column from its name and its contents, and say why."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.intake.profile import SEPARATOR
from nps_nlp.intake.score_column import choose_score
from nps_nlp.survey import ColumnDecision, Columns, Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nps_nlp.intake.profile import Profile

MAX_SEGMENTS = 12
# A segment's results are shown for its 20 largest groups; these must cover most respondents.
SEGMENT_VALUES = 20
_SEGMENT_COVER = 0.75

_COMMENT = re.compile(
    r"理由|内容|求める|推奨項目|コメント|ご意見|意見|感想|自由|要望|改善|具体的|お聞かせ|お書き|教えてください|良かった点|悪かった点|"
    r"\b(why|reason|comments?|feedback|improve\w*|better|suggest\w*|verbatim|tell us|describe|explain|what do you|what did you|what could|"
    r"anything else|open.ended|in your own words)\b",
    re.IGNORECASE,
)
_DATE = re.compile(r"日時|日付|回答日|時刻|タイムスタンプ|date|time|timestamp|submitted|recorded|created", re.IGNORECASE)
_RESPONDENT = re.compile(r"会員ID|回答者|顧客ID|ユーザーID|\bID\b|_id$|respondent|response.?id|customer.?(id|no)|user.?id|account.?id|e-?mail|メール", re.IGNORECASE)
_PERSONAL = re.compile(r"氏名|お名前|^名前|住所|電話|メール|郵便|\b(first|last|full)?.?name\b|e-?mail|phone|address|\bip\b|latitude|longitude", re.IGNORECASE)
_RATING = re.compile(r"満足|不満|意向|評価|使いやす|satisf|rating|agree|likelihood|effort|csat|不便さ$", re.IGNORECASE)
_SEGMENT = re.compile(
    r"性別|年代|年齢|世代|都道府県|地域|市町村|エリア|分類|区分|種別|プラン|契約|業種|業界|職業|職種|規模|従業員|部署|同行|回数|頻度|期間|利用歴|"
    r"チャネル|経路|店舗|支店|製品|商品|会員|目的|宿泊数|言語|タイプ|\b(gender|sex|age|region|country|state|city|area|category|type|plan|edition|tier|"
    r"segment|industry|sector|occupation|role|job|size|employees|department|team|tenure|frequency|channel|store|branch|product|language|purpose|"
    r"travel\w*|group|membership|device|platform|stay)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Wishes:
    """The columns that a user named; None or empty where the choice is left to the data."""

    score: str | None = None
    comments: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    date: str | None = None


def assign_roles(profiles: Sequence[Profile], preset_roles: Mapping[str, Role], wishes: Wishes, where: str) -> Columns:
    """Give every column its role.

    Parameters
    ----------
    profiles : sequence of Profile
        One a column, in file order.
    preset_roles : mapping of str to Role
        Roles that the survey tool's preset knows.
    wishes : Wishes
        Columns that the user named; they win over everything.
    where : str
        The input, for error messages.

    Raises
    ------
    InputError
        When a named column does not exist, or no score column, or more than one, is found.
    """
    known = {p.heading: p for p in profiles}
    wishes = _resolve(wishes, known, where)
    decided: dict[str, ColumnDecision] = {h: ColumnDecision(h, r, 1.0, "known heading of the survey tool") for h, r in preset_roles.items()}
    score = choose_score([p for p in profiles if p.heading not in decided or p.heading == wishes.score], wishes.score, where)
    decided[score.heading] = score
    for role, headings in (("comment", wishes.comments), ("segment", wishes.segments), ("date", (wishes.date,) if wishes.date else ())):
        decided.update({h: ColumnDecision(h, role, 1.0, "named by the user") for h in headings})  # type: ignore[arg-type]
    options = {o for p in profiles if p.multi > 0.02 for v in p.values for o in SEPARATOR.split(v) if o}
    for profile in profiles:
        decided.setdefault(profile.heading, _judge(profile, options))
    return _columns(profiles, decided, wishes)


def _resolve(wishes: Wishes, known: Mapping[str, Profile], where: str) -> Wishes:
    """Replace question texts by headings, so that a user may name a column by either."""
    by_text = {p.question: h for h, p in known.items()} | {h: h for h in known}

    def find(name: str) -> str:
        plain = " ".join(name.split())
        if plain not in by_text:
            raise InputError(f"{where}: there is no column {name!r}; the columns are {_listing(known)}.")
        return by_text[plain]

    return Wishes(
        find(wishes.score) if wishes.score else None,
        tuple(find(c) for c in wishes.comments),
        tuple(find(s) for s in wishes.segments),
        find(wishes.date) if wishes.date else None,
    )


def _listing(headings: Mapping[str, object] | Sequence[str], most: int = 12) -> str:
    names = list(headings)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(repr(n) for n in names[:most]) + more


def _judge(profile: Profile, options: set[str]) -> ColumnDecision:
    """Decide one column on its own; the first rule that fits wins."""
    h = profile.heading
    name = unicodedata.normalize("NFKC", f"{h} {profile.question if profile.question != h else ''}".strip())
    if not profile.filled:
        return ColumnDecision(h, "ignored", 1.0, "empty")
    if profile.dates > 0.9 and profile.numbers < 0.5:
        return ColumnDecision(h, "date", 0.9 if _DATE.search(name) else 0.6, f"{profile.dates:.0%} of the cells are dates")
    if set(profile.values) <= {"0", "1"}:
        # 0/1 beside a joined column is that column unfolded; reading both would count each answer twice.
        return ColumnDecision(h, "option", 0.9, "0/1 column of a multiple choice" + (" that stands joined in another column" if h in options else ""))
    if _PERSONAL.search(name) or profile.contacts > 0.5:
        return ColumnDecision(h, "ignored", 0.8, "personal data or contact")
    if _is_comment(profile, name):
        hint = " and its name asks for words" if _COMMENT.search(name) else ""
        return ColumnDecision(h, "comment", 0.9 if hint else 0.7, f"free text: {profile.variety:.0%} different answers, {profile.length:.0f} characters on average{hint}")
    if _RESPONDENT.search(name) and profile.variety > 0.3 and profile.length < 80:
        return ColumnDecision(h, "respondent", 0.8, f"an identifier by its name, {profile.variety:.0%} different values")
    return _judge_closed(profile, name)


def _is_comment(profile: Profile, name: str) -> bool:
    if profile.numbers > 0.5 or profile.prose < 0.4 or profile.multi > 0.7:
        return False
    if _COMMENT.search(name):
        return profile.variety > 0.3 and profile.length >= 3
    return profile.variety > 0.6 and profile.length >= 12


def _judge_closed(profile: Profile, name: str) -> ColumnDecision:
    """Decide a column of closed answers: a rating, a segment, several options in a cell, or nothing of use."""
    h, filled = profile.heading, profile.filled / max(1, profile.cells)
    if _RATING.search(name) and profile.distinct <= 12:
        return ColumnDecision(h, "rating", 0.7, f"a rating by its name, {profile.distinct} levels")
    cover = profile.top_share(SEGMENT_VALUES)
    if profile.distinct < 2 or profile.variety > 0.5:
        return ColumnDecision(h, "ignored", 0.7, "one value only" if profile.distinct < 2 else "too many different values for a group")
    if profile.multi > 0.2:
        return ColumnDecision(h, "multi_select", 0.7, f"several options in {profile.multi:.0%} of the cells")
    if cover < _SEGMENT_COVER:
        return ColumnDecision(h, "ignored", 0.6, f"its {SEGMENT_VALUES} largest groups cover only {cover:.0%}")
    if all(re.fullmatch(r"\d{1,2}月", v) for v in profile.values):
        return ColumnDecision(h, "ignored", 0.9, "the month of the answer")
    crowded = 0.2 * (profile.distinct > 80)
    confidence = (0.6 if _SEGMENT.search(name) else 0.3) + 0.2 * filled + 0.1 * cover - crowded
    why = "a group by its name" if _SEGMENT.search(name) else "few different values"
    return ColumnDecision(h, "segment", confidence, f"{why}: {profile.distinct} values, {filled:.0%} filled")


def _columns(profiles: Sequence[Profile], decided: dict[str, ColumnDecision], wishes: Wishes) -> Columns:
    order = [p.heading for p in profiles]

    def having(role: Role) -> list[str]:
        return [h for h in order if decided[h].role == role]

    comments = list(wishes.comments) or having("comment")
    segments = list(wishes.segments) or sorted(having("segment"), key=lambda h: -decided[h].confidence)[:MAX_SEGMENTS]
    date = wishes.date or max(having("date"), key=lambda h: decided[h].confidence, default=None)
    respondent = max(having("respondent"), key=lambda h: decided[h].confidence, default=None)
    for heading in order:
        if _unused(heading, decided[heading].role, {*comments, *segments, date, respondent}):
            left = decided[heading]
            decided[heading] = ColumnDecision(heading, "ignored", left.confidence, f"not used ({left.role}: {left.reason})")
    return Columns(
        score=having("score")[0],
        comments=tuple(c for c in order if c in comments),
        date=date,
        respondent=respondent,
        segments=tuple(s for s in order if s in segments),
        questions={p.heading: p.question for p in profiles if p.question != p.heading},
        decisions=tuple(decided[h] for h in order),
    )


def _unused(heading: str, role: Role, used: set[str | None]) -> bool:
    return role in {"comment", "segment", "date", "respondent"} and heading not in used
