"""Join a CRM or SFA table to the respondents on a key, with every row accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from nps_nlp.errors import InputError
from nps_nlp.scoring._checks import POSITIONS_SHOWN
from nps_nlp.scoring._tables import check_columns, key_text, numbers, read_table, times
from nps_nlp.scoring.scales import NPS, Scale, category

if TYPE_CHECKING:
    from pathlib import Path

RATES = ("renewal", "cross_sell", "up_sell", "referrals")
NOT_GIVEN = "(not given)"
NO_KEY, NOT_IN_CRM, NO_ANSWER = "no key", "not in the CRM table", "nobody answered"
KEYS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class CrmColumns:
    """Which column is what.

    Attributes
    ----------
    key : str
        The key in the CRM table: customer or account, one row each.
    respondent_key : str, optional
        The key in the table of respondents, where it is called otherwise. Several respondents may share one.
    score : str
        The score in the table of respondents.
    account : str, optional
        The account in the CRM table that results are broken down by; the key itself when not given.
    revenue : str, optional
        Revenue in the CRM table, in any one currency.
    renewal, cross_sell, up_sell, referrals : str, optional
        In the CRM table, yes and no or how many times: renewed or bought again, bought another product,
        bought a larger one, referred somebody.
    """

    key: str
    respondent_key: str | None = None
    score: str = "score"
    account: str | None = None
    revenue: str | None = None
    renewal: str | None = None
    cross_sell: str | None = None
    up_sell: str | None = None
    referrals: str | None = None

    def rates(self) -> dict[str, str]:
        """Return the columns given of renewal, cross-sell, up-sell and referrals by those names."""
        named = {name: getattr(self, name) for name in RATES}
        return {name: column for name, column in named.items() if column is not None}


@dataclass(frozen=True, slots=True)
class CrmJoin:
    """Respondents with what the CRM knows of them, and all rows of either side that found no partner.

    Attributes
    ----------
    table : DataFrame
        One row a respondent who joined, under the index of the respondents: ``key``, ``score``, ``category``
        (1, 0, -1), ``part`` (1 over the respondents who share the key), ``account``, and the columns given of
        ``revenue``, ``renewal``, ``cross_sell``, ``up_sell``, ``referrals`` as numbers (NaN where blank).
    respondents_only : DataFrame
        Respondents without a row in the CRM table: ``row`` (index), ``key``, ``reason``, ``score``.
    crm_only : DataFrame
        CRM rows without a respondent: ``row`` (index; in a file the headings are row 1), ``key``, ``reason``.
    customers : int
        CRM rows that joined.
    en, ja : str
        The sentence for the report.
    """

    table: pd.DataFrame
    respondents_only: pd.DataFrame
    crm_only: pd.DataFrame
    customers: int
    en: str
    ja: str


def join_crm(
    respondents: pd.DataFrame, crm: pd.DataFrame | str | Path, columns: CrmColumns, *, scale: Scale = NPS
) -> CrmJoin:
    """Join a CRM table to the respondents.

    Keys compare as text without outer spaces, full-width forms made plain and 7.0 as 7; 007 and 7 differ.

    Parameters
    ----------
    respondents : DataFrame
        One row a respondent with a score.
    crm : DataFrame, str or Path
        One row a customer or account; or a CSV file in any usual encoding.
    columns : CrmColumns
        Which column is what.
    scale : Scale
        The break points.

    Returns
    -------
    CrmJoin
        The joined table and the rows that did not join.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing, a key stands in several CRM rows (names the keys), a
        cell cannot be read (names the rows), or nothing joins (shows keys of both sides).
    ValueError
        If a score is missing or not on the scale.

    Examples
    --------
    >>> answers = pd.DataFrame({"customer": ["a", "b", "x"], "score": [9, 3, 8]})
    >>> crm = pd.DataFrame({"id": ["a", "b", "c"], "sales": ["1,200", "800", ""], "renewed": ["yes", "no", "yes"]})
    >>> columns = CrmColumns(key="id", respondent_key="customer", revenue="sales", renewal="renewed")
    >>> join = join_crm(answers, crm, columns)
    >>> join.table[["key", "category", "revenue", "renewal"]]
      key  category  revenue  renewal
    0   a         1   1200.0      1.0
    1   b        -1    800.0      0.0
    >>> print(join.en)
    2 of 3 respondents joined 2 of 3 CRM rows; 1 respondent and 1 CRM row found no partner.
    """
    known = _customers(crm, columns)
    key = columns.respondent_key or columns.key
    check_columns(respondents, [key, columns.score], "the table of respondents")
    people = pd.DataFrame({"key": key_text(respondents[key]), "score": respondents[columns.score]})
    people["category"] = category(people["score"].to_numpy(), scale)
    joins = people["key"].isin(known.index) & (people["key"] != "")
    if not joins.any():
        msg = f"no respondent joins a CRM row: keys such as {_some(people['key'])} against {_some(known.index)}"
        raise InputError(msg)
    joined, alone = people[joins], people[~joins]
    silent = known[~known.index.isin(joined["key"])]
    facts = known.loc[joined["key"]].drop(columns="row")
    part = 1 / joined.groupby("key")["key"].transform("size")
    counts = len(joined), len(people), len(known) - len(silent), len(known)
    return CrmJoin(
        # The facts follow the order of the respondents, whose own index may repeat itself.
        table=pd.concat([joined.assign(part=part), facts.set_axis(joined.index)], axis=1),
        respondents_only=_unjoined(alone.index, alone["key"], NOT_IN_CRM).assign(score=alone["score"].to_numpy()),
        crm_only=_unjoined(pd.Index(silent["row"]), silent.index.to_series(), NO_ANSWER),
        customers=counts[2],
        en=_english(*counts),
        ja=_japanese(*counts),
    )


def _customers(crm: pd.DataFrame | str | Path, columns: CrmColumns) -> pd.DataFrame:
    """Return the CRM rows with their facts as numbers, indexed by the key; refuse keys that repeat."""
    table, name = read_table(crm, "the CRM table")
    given = {"account": columns.account, "revenue": columns.revenue, **columns.rates()}
    check_columns(table, [columns.key, *(column for column in given.values() if column is not None)], name)
    keys = key_text(table[columns.key])
    repeated = keys[keys.duplicated() & (keys != "")].unique()
    if len(repeated):
        shown = ", ".join(repeated[:POSITIONS_SHOWN]) + (", …" if len(repeated) > POSITIONS_SHOWN else "")
        msg = (
            f"{name}, column {columns.key}: {len(repeated)} keys stand in more than one row ({shown}); "
            "leave one row a key, with its sums"
        )
        raise InputError(msg)
    accounts = keys if columns.account is None else key_text(table[columns.account])
    facts = {"row": table.index.to_series(), "account": accounts.where(accounts != "", NOT_GIVEN)}
    if columns.revenue is not None:
        facts["revenue"] = numbers(table[columns.revenue], f"{name}, column {columns.revenue}")
    for fact, column in columns.rates().items():
        facts[fact] = times(table[column], f"{name}, column {column}")
    return pd.DataFrame({fact: column.to_numpy() for fact, column in facts.items()}, index=pd.Index(keys, name="key"))


def _unjoined(rows: pd.Index, keys: pd.Series, reason: str) -> pd.DataFrame:
    """Return the rows that found no partner, with the reason."""
    reasons = keys.where(keys != "", NO_KEY).mask(keys != "", reason)
    return pd.DataFrame({"row": rows.to_numpy(), "key": keys.to_numpy(), "reason": reasons.to_numpy()})


def _some(keys: pd.Series | pd.Index) -> str:
    """Return the first few keys as text."""
    return ", ".join(map(repr, [key for key in dict.fromkeys(keys) if key][:KEYS_SHOWN])) or "none"


def _english(joined: int, respondents: int, customers: int, rows: int) -> str:
    text = f"{joined:,} of {respondents:,} respondents joined {customers:,} of {rows:,} CRM rows"
    alone, silent = respondents - joined, rows - customers
    if not alone and not silent:
        return f"{text}."
    people = f"{alone:,} respondent{'' if alone == 1 else 's'}"
    return f"{text}; {people} and {silent:,} CRM row{'' if silent == 1 else 's'} found no partner."


def _japanese(joined: int, respondents: int, customers: int, rows: int) -> str:
    text = f"回答者{respondents:,}人のうち{joined:,}人を、CRM{rows:,}行のうち{customers:,}行と結び付けました。"
    alone, silent = respondents - joined, rows - customers
    if not alone and not silent:
        return text
    return f"{text}結び付かなかったのは、回答者{alone:,}人とCRM{silent:,}行です。"
