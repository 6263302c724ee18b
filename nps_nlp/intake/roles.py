"""Decide the role of every column from its name and its contents, and say why."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.intake.companions import companion, is_touchpoint, is_wave, is_weight
from nps_nlp.intake.layout import clean_heading
from nps_nlp.intake.score_column import candidates, check_everywhere, choose_scores, listing, why_taken
from nps_nlp.survey import ColumnDecision, Columns, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from nps_nlp.intake.profile import Profile

MAX_SEGMENTS, MAX_RATINGS = 12, 12
# A segment's results are shown for its 20 largest groups; these must cover most respondents.
SEGMENT_VALUES = 20
_SEGMENT_COVER = 0.75
# Cells that are all different and look like identifiers are some, from this many on.
_ENOUGH_IDS = 10
_SHORT_NAME = 20
BLANK = "blank in the first rows"

_COMMENT = re.compile(
    r"理由|内容|求める|推奨項目|コメント|ご意見|意見|感想|自由|要望|改善|具体的|お聞かせ|お書き|教えてください|"
    r"良かった点|悪かった点|"
    r"\b(why|reason|comments?|feedback|improve\w*|better|suggest\w*|verbatim|tell us|describe|explain|"
    r"what (do|did|does|can|could|would|should|changes?)|anything else|open.ended|in your own words|"
    r"kommentare?|begr[uü]nd\w*|anmerkung(en)?|warum|weshalb|grund|was (k[oö]nnen|w[uü]rden|sollen)|"
    r"pourquoi|commentaires?|raisons?|remarques?|suggestions?|comentarios?|por ?qu[eé]|motivos?|raz[oó]n(es)?|"
    r"sugerencias?|observaciones|coment[aá]rios?|opmerking(en)?|waarom|perch[eé]|commenti)\b",
    re.IGNORECASE,
)
# The number of a comment is no comment.
_OF_COMMENT = re.compile(r"(\b(id|no\.?|number|count|length)|番号|文字数|件数|ID)$", re.IGNORECASE)
_SURE_COMMENT = re.compile(
    r"理由|コメント|意見|感想|自由記述|"
    r"\b(why|reason|comments?|feedback|verbatim|tell us|in your own words|"
    r"kommentare?|begr[uü]nd\w*|anmerkung(en)?|warum|weshalb|"
    r"pourquoi|commentaires?|comentarios?|por ?qu[eé]|opmerking(en)?|waarom|perch[eé])\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"日時|日付|回答日|時刻|タイムスタンプ|date|time|timestamp|submitted|recorded|created", re.IGNORECASE
)
_CLOCKED = re.compile(
    r"日時|日付|日$|時刻|タイムスタンプ|datum|fecha|"
    r"(?<![a-z])(time|dates?|date ?time|timestamp|(submitted|recorded|created|completed|responded)( at)?)(?![a-z])"
    r"|(?<![a-z])(utc|_at|_time)$",
    re.IGNORECASE,
)
_RESPONDENT = re.compile(
    r"(会員|回答者?|顧客|お客様|ユーザー|社員|整理|受付)(ID|番号|No)|\bID\b|_id$|respondent|response.?id|"
    r"customer.?(id|no)|user.?id|account.?id",
    re.IGNORECASE,
)
# Whole names only: "How well did we address your concern?" and 電話対応へのご意見 are no contact data.
_PERSONAL = re.compile(
    r"(お|ご)?(氏名|名前|姓|名|住所|電話(番号)?|携帯(電話)?(番号)?|(e-?)?メール ?(アドレス)?|郵便番号)"
    r"( ?[(\[].*)?|お?名前を.{0,12}|what('s| is) your (first |last |full |e-?mail )?(name|address)\b.{0,20}|"
    r"((your|first|last|full|family|given|respondent|recipient|customer|contact|user) ?)*name|"
    r"(your )?e-?mail( address)?|(your )?(tele|mobile ?)?phone( ?number)?|zip( ?code)?|"
    r"(your |postal |home |street |mailing |ip ?)?address|(location ?)?(latitude|longitude)",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"(お?(勤め先|客様)の?)?(会社|企業|法人|貴社|組織|団体|勤務先)名?(称)?|"
    r"((your|customer|account|client) )*(company|organi[sz]ation|account|employer|business)( name)?",
    re.IGNORECASE,
)
_RATING = re.compile(
    r"満足|不満|意向|評価|使いやす|簡単|容易|手間|satisf|rating|agree|likelihood|effort|csat|\bces\b|easy|easily|不便さ$|"
    r"(?<!\d)[01] ?[-‐–~〜～] ?(5|7|10)(?!\d)|[57]段階|10点満点",
    re.IGNORECASE,
)
_SEGMENT = re.compile(
    r"性別|年代|年齢|世代|都道府県|地域|市町村|エリア|分類|区分|種別|プラン|契約|業種|業界|職業|職種|規模|従業員|部署|"
    r"接点|タッチポイント|窓口|施設|ブランド|端末|デバイス|キャンペーン|部門|役職|居住|未既婚|職位|"
    r"同行|回数|頻度|期間|利用歴|チャネル|経路|店舗|支店|製品|商品|会員|目的|宿泊数|言語|タイプ|"
    r"\b(gender|sex|age|region|country|state|city|area|category|type|plan|edition|tier|segment|industry|"
    r"sector|occupation|role|job|size|employees|department|team|tenure|frequency|channel|store|branch|"
    r"touch.?point|survey name|campaign|location|site|brand|source|trigger|stage|cohort|wave|round|"
    r"product|language|purpose|travel\w*|group|membership|device|platform|stay)\b",
    re.IGNORECASE,
)


# What a column that nobody decided on may still be.
_FREE = ColumnDecision("", "score", 0.0, "")


@dataclass(frozen=True)
class Wishes:
    """The columns that a user named; None or empty where the choice is left to the data."""

    score: str | None = None
    comments: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    date: str | None = None
    respondent: str | None = None
    need_score: bool = True
    weight: str | None = None
    wave: str | None = None
    touchpoint: str | None = None
    key: str | None = None


NO_COLUMN = "none"  # what a user names to have no column in a role that would be found


def assign_roles(
    profiles: Sequence[Profile],
    preset_roles: Mapping[str, Role],
    wishes: Wishes,
    files: Mapping[str, Collection[str]],
    folded: Mapping[str, str],
) -> Columns:
    """Give every column its role.

    Parameters
    ----------
    profiles : sequence of Profile
        One a column, in file order.
    preset_roles : mapping of str to Role
        Roles that the survey tool's preset knows.
    wishes : Wishes
        Columns that the user named; they win over everything.
    files : mapping of str to collection of str
        The headings of each file.
    folded : mapping of str to str
        Columns that are one option of a multiple choice → the column in which it is put together.

    Raises
    ------
    InputError
        When a named column does not exist, or a file has no score column, or more than one.
    """
    wishes = _resolve(wishes, profiles, files)
    known = "known heading of the survey tool"
    decided = {heading: ColumnDecision(heading, role, 1.0, known) for heading, role in preset_roles.items()}
    decided |= {d.heading: d for d in _named(wishes)}
    # The options of a question, one column each, are never the score beside the column that holds them all.
    whole = [p for p in profiles if p.heading not in folded]
    chosen, others = _scores(whole, decided, wishes, files)
    decided |= {score.heading: score for score in (*others, *chosen)}
    # A column that the tool knows as a score and whose answers are none is judged like any other.
    decided = {h: d for h, d in decided.items() if d.role != "score" or d in (*others, *chosen)}
    decided |= {h: ColumnDecision(h, "option", 0.9, f"an option of {fold!r}") for h, fold in folded.items()}
    joined = frozenset[str]().union(*(p.options for p in profiles))
    folds = frozenset(folded.values())
    for profile in profiles:
        if profile.heading not in decided:
            decided[profile.heading] = _judge(profile, joined, is_fold=profile.heading in folds)
    if wishes.key and decided[wishes.key].role == "ignored":
        decided[wishes.key] = ColumnDecision(wishes.key, "key", 1.0, "named by the user")
    taken, left = ([decision.heading for decision in found] for found in (chosen, others))
    return _columns(profiles, decided, wishes, taken, left, files)


def _scores(
    profiles: Sequence[Profile],
    decided: Mapping[str, ColumnDecision],
    wishes: Wishes,
    files: Mapping[str, Collection[str]],
) -> tuple[list[ColumnDecision], list[ColumnDecision]]:
    """Decide which column holds the score of each file, and which could as well."""
    if wishes.score is not None:
        check_everywhere(wishes.score, files)
        return [ColumnDecision(wishes.score, "score", 1.0, "named by the user")], []
    known = [heading for heading, decision in decided.items() if decision.role == "score"]
    found = candidates(profiles, known)
    open_ = {h: c for h, c in found.items() if decided.get(h, _FREE).role == "score"}
    # Where a tool's export has the groups of the NPS alone, they are all there is.
    open_ = open_ or {h: c for h, c in found.items() if c.coding == "groups"}
    try:
        chosen, others = choose_scores(open_, [p for p in profiles if p.heading not in decided], files)
    except InputError:
        if wishes.need_score:
            raise
        return [], []
    scores = [c.decision() for c in chosen]
    if others:
        scores[0] = replace(scores[0], reason=f"{scores[0].reason}; {why_taken(chosen[0], others)}")
    return scores, [c.decision() for c in others]


def _resolve(wishes: Wishes, profiles: Sequence[Profile], files: Mapping[str, Collection[str]]) -> Wishes:
    """Replace question texts by headings, so that a user may name a column by either; each only once."""
    by_text = {p.question: p.heading for p in profiles} | {p.heading: p.heading for p in profiles}
    where = next(iter(files)) if len(files) == 1 else f"{next(iter(files))} and {len(files) - 1} more files"
    seen: set[str] = set()

    def find(name: str, *, again: bool = False) -> str:
        heading = by_text.get(clean_heading(name))
        if heading is None:
            columns = listing([p.heading for p in profiles])
            raise InputError(f"{where}: there is no column {name!r}; name one of {columns}.")
        if heading in seen and not again:
            raise InputError(f"{where}: column {heading!r} was named twice; name it for one role only.")
        seen.add(heading)
        return heading

    return Wishes(
        find(wishes.score) if wishes.score else None,
        tuple(find(c) for c in wishes.comments),
        tuple(find(s) for s in wishes.segments),
        find(wishes.date) if wishes.date else None,
        find(wishes.respondent) if wishes.respondent else None,
        wishes.need_score,
        *(find(name) if name and name != NO_COLUMN else name for name in (wishes.weight, wishes.wave)),
        # A touchpoint may be a segment and a key the respondent's id: these two are named beside another role.
        *(find(name, again=True) if name and name != NO_COLUMN else name for name in (wishes.touchpoint, wishes.key)),
    )


def _named(wishes: Wishes) -> list[ColumnDecision]:
    roles: list[tuple[str, Role]] = [(heading, "comment") for heading in wishes.comments]
    roles += [(heading, "segment") for heading in wishes.segments]
    roles += [(wishes.date, "date")] if wishes.date else []
    roles += [(wishes.respondent, "respondent")] if wishes.respondent else []
    singles: tuple[tuple[str | None, Role], ...] = (
        (wishes.touchpoint, "segment"),
        (wishes.weight, "weight"),
        (wishes.wave, "wave"),
    )
    given = {heading for heading, _ in roles}
    roles += [(h, role) for h, role in singles if h and h != NO_COLUMN and h not in given]
    return [ColumnDecision(heading, role, 1.0, "named by the user") for heading, role in roles]


def _judge(profile: Profile, joined: frozenset[str], *, is_fold: bool) -> ColumnDecision:
    """Decide one column on its own; the first rule that fits wins."""
    verdicts = _fold_verdicts(profile) if is_fold else _verdicts(profile, joined)
    role, confidence, reason = next(verdicts)
    return ColumnDecision(profile.heading, role, confidence, reason)


def _verdicts(profile: Profile, joined: frozenset[str]) -> Iterator[tuple[Role, float, str]]:
    """Yield role, confidence and reason of every rule that fits, the strongest rule first."""
    if not profile.filled:
        yield "ignored", 1.0, BLANK
    # A heading that speaks of time makes up for cells that are no dates; without it, nearly all must be.
    timely = _DATE.search(profile.name)
    # Numbers are days or seconds only where the heading says so: "Lifetime value" does not.
    numeric = profile.numbers > 0.5
    if profile.dates > (0.5 if timely else 0.9) and (not numeric or _CLOCKED.search(profile.name)):
        yield "date", 0.9 if timely else 0.6, f"{profile.dates:.0%} of the cells are dates"
    if why := is_weight(profile):
        yield "weight", 0.8, why
    if set(profile.values) <= {"0", "1"}:
        # 0/1 beside a joined column is that column unfolded; reading both would count each answer twice.
        beside = " that stands joined in another column" if profile.heading in joined else ""
        yield "option", 0.9, f"0/1 column of a multiple choice{beside}"
    if profile.contacts > 0.5 or any(map(_PERSONAL.fullmatch, profile.names)):
        yield "ignored", 0.8, "personal data or contact"
    if _is_comment(profile):
        hint = " and its name asks for words" if _COMMENT.search(profile.name) else ""
        seen = f"{profile.variety:.0%} different answers, {profile.length:.0f} characters on average"
        yield "comment", 0.9 if hint else 0.7, f"free text: {seen}{hint}"
    # A long question that speaks of an id asks for something else.
    short = [name for name in profile.names if name == profile.heading or len(name) <= _SHORT_NAME]
    if any(map(_RESPONDENT.search, [profile.heading, *short])) and profile.variety > 0.3 and profile.length < 80:
        yield "respondent", 0.8, f"an identifier by its name, {profile.variety:.0%} different values"
    if any(map(_COMPANY.fullmatch, profile.names)) and profile.distinct > SEGMENT_VALUES:
        yield "ignored", 0.7, f"names of companies, {profile.distinct} different"
    if profile.identifiers > 0.9 and profile.distinct == profile.filled > _ENOUGH_IDS and profile.dates < 0.5:
        yield "respondent", 0.5, "an identifier by its contents: every cell is different"
    yield from _closed_verdicts(profile)


def _fold_verdicts(profile: Profile) -> Iterator[tuple[Role, float, str]]:
    """Judge a multiple choice that was put together: a segment where few combinations cover most respondents."""
    cover = profile.top_share(SEGMENT_VALUES)
    if not profile.filled:
        yield "ignored", 1.0, BLANK
    if profile.distinct > 1 and cover >= _SEGMENT_COVER:
        filled = profile.filled / profile.cells
        yield "segment", 0.5 + 0.2 * filled, f"a multiple choice put together: {profile.distinct} combinations"
    yield "multi_select", 0.7, f"a multiple choice put together: {profile.distinct} combinations, too many for groups"


def _is_comment(profile: Profile) -> bool:
    if _OF_COMMENT.search(profile.heading) or profile.numbers > 0.5 or profile.prose < 0.4 or profile.multi > 0.7:
        return False
    # The same sentence from many people is rare, but a heading that asks for reasons in words outweighs that.
    if _SURE_COMMENT.search(profile.name) and profile.length >= 10 and profile.multi <= 0.5:
        return True
    if _COMMENT.search(profile.name):
        return profile.variety > 0.3 and profile.length >= 3
    return profile.variety > 0.6 and profile.length >= 12


def _closed_verdicts(profile: Profile) -> Iterator[tuple[Role, float, str]]:
    """Judge a column of closed answers: a rating, a segment, several options in a cell, or nothing of use."""
    distinct, filled = profile.distinct, profile.filled / profile.cells
    cover = profile.top_share(SEGMENT_VALUES)
    if _RATING.search(profile.name) and distinct <= 12:
        yield "rating", 0.7, f"a rating by its name, {distinct} levels"
    if is_touchpoint(profile) and distinct <= SEGMENT_VALUES and filled > 0.5:
        yield "segment", 1.0, f"what the score is about, by its name: {distinct} values"
    if is_wave(profile) and 1 < distinct <= SEGMENT_VALUES:
        yield "wave", 0.8, f"the wave by its name: {distinct} values"
    if distinct < 2:
        yield "ignored", 0.7, "one value only"
    if distinct > 0.5 * profile.filled:
        yield "ignored", 0.7, "too many different values for a group"
    if profile.multi > 0.2:
        yield "multi_select", 0.7, f"several options in {profile.multi:.0%} of the cells"
    if cover < _SEGMENT_COVER:
        yield "ignored", 0.6, f"its {SEGMENT_VALUES} largest groups cover only {cover:.0%}"
    if all(re.fullmatch(r"\d{1,2}月", v) for v in profile.values):
        yield "ignored", 0.9, "the month of the answer"
    named = _SEGMENT.search(profile.name)
    confidence = (0.6 if named else 0.3) + 0.2 * filled + 0.1 * cover - 0.2 * (distinct > 80)
    why = "a group by its name" if named else "few different values"
    yield "segment", confidence, f"{why}: {distinct} values, {filled:.0%} filled"


def _columns(
    profiles: Sequence[Profile],
    decided: dict[str, ColumnDecision],
    wishes: Wishes,
    scores: Sequence[str],
    others: Sequence[str],
    files: Mapping[str, Collection[str]],
) -> Columns:
    order = [p.heading for p in profiles]

    def having(role: Role) -> list[str]:
        return [heading for heading in order if decided[heading].role == role]

    def surest(role: Role) -> str | None:
        return max(having(role), key=lambda h: decided[h].confidence, default=None)

    comments = list(wishes.comments) or having("comment")
    best = sorted(having("segment"), key=lambda h: -decided[h].confidence)[:MAX_SEGMENTS]
    segments = list(wishes.segments) or best
    touchpoint = _chosen(
        wishes.touchpoint, next((p.heading for p in profiles if p.heading in best and is_touchpoint(p)), None)
    )
    segments += [touchpoint] if touchpoint and touchpoint not in segments else []
    date, respondent = wishes.date or surest("date"), wishes.respondent or surest("respondent")
    dates = () if wishes.date else _elsewhere(date, sorted(having("date"), key=lambda h: -decided[h].confidence), files)
    weight, wave = _chosen(wishes.weight, surest("weight")), _chosen(wishes.wave, surest("wave"))
    ratings = tuple(r for p in profiles if decided[p.heading].role == "rating" and (r := companion(p)))[:MAX_RATINGS]
    used = {*scores, *comments, *segments, date, *dates, respondent, weight, wave}
    return Columns(
        score=scores[0] if scores else "",
        score_elsewhere=tuple(scores[1:]),
        date_elsewhere=dates,
        other_scores=tuple(others),
        comments=tuple(c for c in order if c in comments),
        date=date,
        respondent=respondent,
        segments=tuple(s for s in order if s in segments),
        questions={p.heading: p.question for p in profiles if p.question != p.heading},
        decisions=tuple(_final(decided[heading], used) for heading in order),
        weight=weight,
        ratings=ratings,
        touchpoint=touchpoint,
        wave=wave,
        key=wishes.key,
    )


def _chosen(wished: str | None, found: str | None) -> str | None:
    """Return the column that was named, else the one that was found; none where none is wanted."""
    return None if wished == NO_COLUMN else wished or found


def _elsewhere(date: str | None, dates: Sequence[str], files: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return the surest date of each file that lacks `date`: another tool has it under another heading."""
    without = [headings for headings in files.values() if date and date not in headings]
    found = (next((d for d in dates if d in headings), None) for headings in without)
    return tuple(dict.fromkeys(d for d in found if d))


def _final(decision: ColumnDecision, used: Collection[str | None]) -> ColumnDecision:
    """Say of a column that fits a role but was not taken for it that it is not used."""
    kinds = {"score", "comment", "segment", "date", "respondent", "weight", "wave"}
    left_out = decision.role in kinds and decision.heading not in used
    reason = f"not used ({decision.role}: {decision.reason})"
    return ColumnDecision(decision.heading, "ignored", decision.confidence, reason) if left_out else decision
