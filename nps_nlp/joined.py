"""Tables beside the survey, joined row by row: the CRM, the invitations, and the same people in an earlier wave.

Joins need single rows, so what the Tally does not keep is kept here, and only where a join was asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from nps_nlp.errors import InputError
from nps_nlp.scoring import (
    BusinessOutcomes,
    CrmColumns,
    business_outcomes,
    join_crm,
    nonresponse,
    panel_moves,
    response_rate,
)
from nps_nlp.scoring._tables import key_text, numbers, read_table, times
from nps_nlp.tally import NEGATIVE, POSITIVE, states_by_respondent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from nps_nlp.classify.annotate import Answer
    from nps_nlp.scoring import NonResponse, PanelMoves, ResponseRate, Scale
    from nps_nlp.survey import Columns, Survey

    Source = pd.DataFrame | str | Path

CALENDAR = {"month": "M", "quarter": "Q", "year": "Y"}
_MOST_SEGMENTS, _SEGMENT_VALUES = 6, 20
_MIN_MOVERS = 3
# What a CRM calls its columns; a date of renewal is no renewal.
_CRM = {
    "account": r"(企業|会社|法人|取引先|アカウント)名?|(account|company|organi[sz]ation)( ?name)?",
    "revenue": (
        r".*(売上|契約金額|年間金額|取引額|購入金額|利用額)[^日]*|arr|mrr|ltv|amount|sales( ?amount)?|"
        r".*(revenue|spend).*"
    ),
    "renewal": (
        r"(契約)?(更新|継続)(有無|済み?|回数|した)?|(リピート|再購入)(有無|回数)?|renew(ed|als?)?|repeat(ed)?|retained"
    ),
    "cross_sell": r"クロスセル.*|追加購入(有無|回数)?|cross.?s(ell|old).*",
    "up_sell": r"(アップセル|アップグレード).*|up.?s(ell|old).*|upgrade[ds]?",
    "referrals": r"(友人|知人|顧客)?紹介(数|件数|回数|有無|した)?|referr(als?|ed)( ?count)?",
}
_DELIVERED = re.compile(r"到達|配信成功|配達|delivered|arrived", re.IGNORECASE)


@dataclass
class Ledger:
    """The rows that joins need: who answered what, and what they said of which theme.

    Attributes
    ----------
    parts : list of DataFrame
        file, row, respondent, key, wave, score and said (theme states of those who wrote, else None) of every chunk.
    wave : str or None
        ``"column"``, ``"file"``, or a key of `CALENDAR`.
    """

    wave: str | None = None
    parts: list[pd.DataFrame] = field(default_factory=list)

    def add(self, chunk: Survey, answers: Sequence[Answer]) -> None:
        """Keep the rows of a chunk."""
        rows = chunk.responses[["file", "row", "respondent", "score"]].copy()
        rows["key"] = chunk.responses["key"] if "key" in chunk.responses else rows["respondent"]
        rows["wave"] = self._waves(chunk.responses)
        said = states_by_respondent(answers)
        rows["said"] = pd.Series([said.get(at) for at in range(len(rows))], index=rows.index, dtype=object)
        self.parts.append(rows)

    def frame(self) -> pd.DataFrame:
        """Return all rows in the order of files and rows."""
        rows = pd.concat(self.parts, ignore_index=True)
        return rows.sort_values(["file", "row"], kind="stable", ignore_index=True)

    def _waves(self, responses: pd.DataFrame) -> Any:
        if self.wave == "column":
            return responses["wave"]
        if self.wave == "file":
            return responses["file"]
        if self.wave in CALENDAR:
            periods = responses["date"].dt.to_period(CALENDAR[self.wave]).astype(str)
            return periods.mask(periods == "NaT", "")
        return ""


@dataclass(frozen=True)
class Panel:
    """The same respondents in two waves.

    Attributes
    ----------
    before, after : str
        The waves: the last two that share respondents.
    moves : PanelMoves
    said : DataFrame, one row a direction × theme × polarity
        move (up, down), theme, polarity, n (movers who say it in the later wave), share (of the movers who wrote).
    waves : int
        Waves of the survey.
    """

    before: str
    after: str
    moves: PanelMoves
    said: pd.DataFrame
    waves: int


@dataclass(frozen=True)
class Response:
    """Who answered of those invited.

    Attributes
    ----------
    rate : ResponseRate
    tables : dict of str to NonResponse
        By column of the invitations.
    uninvited : int
        Respondents whose key is not among the invitations.
    """

    rate: ResponseRate
    tables: dict[str, NonResponse]
    uninvited: int


@dataclass(frozen=True)
class Joined:
    """What was joined to the survey.

    Attributes
    ----------
    outcomes : BusinessOutcomes or None
    crm_columns : dict of str to str
        What each CRM column was taken for.
    unjoined : DataFrame
        side (survey, crm), file, row, key and reason of every row that found no partner.
    response : Response or None
    panel : Panel or None
    notes : tuple of str
        What was tried and could not be done, and why.
    """

    outcomes: BusinessOutcomes | None
    crm_columns: dict[str, str]
    unjoined: pd.DataFrame
    response: Response | None
    panel: Panel | None
    notes: tuple[str, ...]

    def masked(self, identifier: Callable[[str], str], cell: Callable[[str], str]) -> Joined:
        """Return the tables that are shown and written without personal data: ids by one mask, names by another."""
        unjoined = _masked(self.unjoined, "key", identifier)
        outcomes, panel, response = self.outcomes, self.panel, self.response
        if outcomes is not None:
            outcomes = replace(outcomes, accounts=_masked(outcomes.accounts, "account", cell))
        if panel is not None:
            moved = _masked(panel.moves.moved, "respondent", identifier)
            panel = replace(panel, moves=replace(panel.moves, moved=moved))
        if response is not None:
            tables = {h: replace(t, table=_masked(t.table, "segment", cell)) for h, t in response.tables.items()}
            response = replace(response, tables=tables)
        notes = tuple(map(cell, self.notes))
        return Joined(outcomes, self.crm_columns, unjoined, response, panel, notes)


def _masked(table: pd.DataFrame, column: str, mask: Callable[[str], str]) -> pd.DataFrame:
    return table.assign(**{column: [mask(str(value)) for value in table[column]]})


def open_ledger(columns: Columns, options: Mapping[str, Any]) -> Ledger | None:
    """Return a Ledger where the options or a wave column ask for a join, else None.

    Raises
    ------
    InputError
        If a join is asked for and no column can be its key.
    """
    asked = [name for name in ("crm", "invitations") if options.get(name) is not None]
    if asked and not (columns.key or columns.respondent):
        raise InputError(f"--{asked[0]}: name the column of the customer or account in the survey with --key.")
    wave = options.get("waves") or ("column" if columns.wave else None)
    if wave and not columns.respondent:
        if options.get("waves"):
            raise InputError("--waves: the same people can only be followed by their id; name it with --respondent.")
        wave = None
    return Ledger(wave) if asked or wave else None


def join_all(ledger: Ledger, columns: Columns, options: Mapping[str, Any], scale: Scale, confidence: float) -> Joined:
    """Join everything that was asked for.

    Parameters
    ----------
    ledger : Ledger
    columns : Columns
        Of the survey.
    options : mapping
        crm, crm_key, invitations: tables or files, and the key's heading in them where it has another name.
    scale : Scale
        The break points.
    confidence : float
        Of all intervals.

    Raises
    ------
    InputError
        If a file cannot be read, has no such key, or nothing joins.
    """
    rows, notes = ledger.frame(), list[str]()
    key = columns.key or columns.respondent or ""
    outcomes, taken, unjoined = None, dict[str, str](), pd.DataFrame(columns=_UNJOINED)
    if (crm := options.get("crm")) is not None:
        named = _crm_columns(crm, options.get("crm_key") or key, notes)
        join = join_crm(rows, crm, named, scale=scale)
        outcomes = business_outcomes(join, confidence=confidence)
        taken = {name: value for name in _CRM if (value := getattr(named, name)) is not None}
        unjoined = _unjoined(rows, join.respondents_only, join.crm_only, crm)
    response = None
    if (invited := options.get("invitations")) is not None:
        response = _response(rows, invited, options.get("crm_key") or key, confidence)
    return Joined(outcomes, taken, unjoined, response, _panel(rows, scale, confidence), tuple(notes))


_UNJOINED = ["side", "file", "row", "key", "reason"]


def _key_in(table: pd.DataFrame, name: str, heading: str) -> str:
    if heading in table.columns:
        return heading
    found = ", ".join(map(repr, table.columns))
    raise InputError(f"{name}: no column {heading!r} to join on; it has {found}. Name it with --crm-key.")


def _crm_columns(crm: Source, key: str, notes: list[str]) -> CrmColumns:
    """Recognise what the columns of a CRM table are by their names; a column that cannot be read is left and said."""
    table, name = read_table(crm, "the CRM table")
    found: dict[str, str] = {}
    for role, pattern in _CRM.items():
        heading = next((h for h in map(str, table.columns) if re.fullmatch(pattern, h.strip(), re.IGNORECASE)), None)
        if heading is None or heading == key:
            continue
        parse: Callable[[pd.Series, str], pd.Series] | None = (
            None if role == "account" else numbers if role == "revenue" else times
        )
        try:
            if parse is not None:
                parse(table[heading], f"{name}, column {heading}")
        except InputError as error:
            notes.append(f"not used as {role}: {error}")
            continue
        found[role] = heading
    return CrmColumns(key=_key_in(table, name, key), respondent_key="key", **found)


def _unjoined(rows: pd.DataFrame, alone: pd.DataFrame, silent: pd.DataFrame, crm: Source) -> pd.DataFrame:
    mine = rows.loc[alone["row"], ["file", "row"]].reset_index(drop=True)
    mine = mine.assign(side="survey", key=alone["key"].to_numpy(), reason=alone["reason"].to_numpy())
    name = "the CRM table" if isinstance(crm, pd.DataFrame) else str(crm)
    theirs = silent.assign(side="crm", file=name)
    return pd.concat([mine[_UNJOINED], theirs[_UNJOINED]], ignore_index=True)


def _response(rows: pd.DataFrame, source: Source, key: str, confidence: float) -> Response:
    table, name = read_table(source, "the invitations")
    keys = key_text(table[_key_in(table, name, key)])
    people = table[~keys.duplicated() & (keys != "")]
    keys = keys[people.index]
    replies = set(key_text(rows["key"])) - {""}
    answered = keys.isin(replies)
    if not answered.any():
        raise InputError(f"{name}, column {key}: none of the {len(keys)} keys is among those of the survey.")
    others = [h for h in table.columns if h != key]
    arrived = next((h for h in others if _DELIVERED.search(str(h))), None)
    delivered = None
    if arrived is not None:
        reached = times(people[arrived], f"{name}, column {arrived}") > 0
        delivered = int((reached | answered).sum())
    kept = [h for h in others if h != arrived and 1 < people[h].nunique() <= _SEGMENT_VALUES][:_MOST_SEGMENTS]
    flag = "answered" if "answered" not in table else "_answered"
    joined = people.assign(**{flag: answered.to_numpy()})
    tables = {str(h): nonresponse(joined, h, answered=flag, confidence=confidence) for h in kept}
    rate = response_rate(len(keys), int(answered.sum()), delivered=delivered, confidence=confidence)
    return Response(rate, tables, len(replies - set(keys)))


def _panel(rows: pd.DataFrame, scale: Scale, confidence: float) -> Panel | None:
    """Follow the respondents of the last two waves that share any; None where nobody answered twice."""
    known = rows[(rows["wave"] != "") & (key_text(rows["respondent"]) != "")]
    waves = sorted(known["wave"].unique(), key=_natural)
    people = {wave: set(key_text(part["respondent"])) for wave, part in known.groupby("wave", sort=False)}
    for after in reversed(waves):
        for before in reversed(waves[: waves.index(after)]):
            if people[before] & people[after]:
                sides = [known[known["wave"] == wave] for wave in (before, after)]
                moves = panel_moves(*sides, scale=scale, confidence=confidence)
                return Panel(before, after, moves, _said(sides[1], moves.moved), len(waves))
    return None


def _natural(wave: str) -> list[tuple[int, str]]:
    """Order 第2回 before 第10回."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", wave) if part]


def _said(later: pd.DataFrame, moved: pd.DataFrame) -> pd.DataFrame:
    """Count what the movers say of which theme in the later wave."""
    last = later.assign(respondent=key_text(later["respondent"])).drop_duplicates("respondent", keep="last")
    both = moved.merge(last[["respondent", "said"]], on="respondent")
    found = []
    for move, people in both.groupby("move"):
        wrote = [said for said in people["said"] if said is not None]
        counts: dict[tuple[str, str], int] = {}
        for said in wrote:
            for theme, state in said:
                for polarity, bit in (("negative", NEGATIVE), ("positive", POSITIVE)):
                    if state & bit:
                        counts[theme, polarity] = counts.get((theme, polarity), 0) + 1
        for (theme, polarity), n in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            if n >= _MIN_MOVERS:
                found.append((str(move), theme, polarity, n, n / len(wrote)))
    return pd.DataFrame(found, columns=["move", "theme", "polarity", "n", "share"])
