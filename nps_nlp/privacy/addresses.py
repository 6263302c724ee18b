"""Postal codes and addresses down to the house, in Japanese and English; names of places alone are public."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nps_nlp.privacy.numbers import Span

_KANJI_DIGIT = "〇一二三四五六七八九十百"
_NUMBER = rf"(?:\d{{1,5}}|[{_KANJI_DIGIT}]{{1,5}})"
_POSTAL = r"(?:〒\s?\d{3}-?\d{4}|(?<!\d)(?<!\d-)\d{3}-\d{4}(?![\d-]))"
_HAN = "一-鿿々ヶケノ"
_PREFECTURE = (
    "(?:北海道|東京都|京都府|大阪府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野"
    "|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島"
    "|沖縄)県)"
)
_LETTER = rf"[{_HAN}ぁ-んァ-ヺー]"
# What stands before the house, looked for backwards from the number: 〒123-4567 愛知県 名古屋市中区 栄.
_AREA = re.compile(
    rf"(?:(?P<postal>{_POSTAL})\s*)?(?P<prefecture>{_PREFECTURE})?\s?(?P<city>{_LETTER}{{1,20}}[市区町村郡]\s?)?"
    rf"(?P<town>{_LETTER}{{0,14}})$"
)
_REACH = 45
_TOWN = re.compile(rf"[{_HAN}]{{2,8}}(?<!番号)$")
_JOIN = r"(?:丁目|番町|番地の?|番|号|条|線|[-のノ])"
# A house: 1-2-3, 三丁目4番5号, 2丁目1-1, 99番地.
_SEVERAL = rf"{_NUMBER}\s?{_JOIN}\s?(?:[東西南北]\s?)?{_NUMBER}(?:\s?{_JOIN}\s?{_NUMBER}){{0,4}}(?:番地?|号室?|号)?"
_SINGLE = rf"{_NUMBER}番地(?:{_NUMBER})?"
_BUILDING = (
    r"(?:[ ,、]?\s?[ァ-ヺーA-Za-z一-鿿々ぁ-ん・]{2,16}?\s?[A-Z]?-?\d{1,4}(?:号室?|F|階)"
    r"| ?(?:ハイツ|コーポ|メゾン|グラン|レジデンス|パーク|サン|ビラ|マンション|アパート|ドミール|コート)"
    r"[ァ-ヺー一-鿿々ぁ-んA-Za-z・]{0,12}\s?\d{1,4}(?:号室?)?"
    r"|\s?[ァ-ヺー]{3,14}[一-鿿]{0,4}\s?\d{2,4}(?!\d)|[- ]\d{1,4}号室?)?"
)
# What makes a number behind a town an amount and no house.
_AMOUNT = (
    r"(?!\d)"
    r"(?!\s?(?:[分秒時日月年回人名円万千億台個件度歳代階店位枚点本杯泊周番号kmKMcm%第つヶか]|パーセント|キロ|メートル))"
)
_HOUSE = re.compile(
    rf"(?<![\d{_KANJI_DIGIT}-])(?:(?P<several>{_SEVERAL}){_AMOUNT}|(?P<single>{_SINGLE})|(?P<plain>\d{{1,5}}){_AMOUNT})"
)
_THREE = re.compile(r"[1-9]\d{0,3}-\d{1,4}-\d{1,4}(?![\d-])|.{1,5}丁目.*(?:番|-|号)")
_BEHIND = re.compile(_BUILDING)
_POSTAL_ALONE = (
    re.compile(r"〒\s?\d{3}-?\d{4}(?!\d)"),
    re.compile(r"(?<=郵便番号)(?:\s?[はが:は]?\s?)(\d{3}-?\d{4})(?!\d)"),
)
# What the letters before a city take along: 住所は, 自宅は.
_LEAD = re.compile(
    r"^.*(?:住所|自宅|実家|届け先|送付先|配送先|引越し先|転居先|勤務先|現在|今は|私は|うちは)[はがのを:\s、]*|^[ぁ-んー]*[はがをへ、]"
)

_STREET = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Close|Way|Place|Pl|Terrace|Crescent|Boulevard|Blvd|Square|Sq"
    r"|Gardens|Grove|Hill|Row|Mews|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Trail|Alley|Quay|Walk|Parade|Green|View)"
)
_WORD = r"(?:[A-Z][A-Za-z'’-]{1,20}|\d{1,3}(?:st|nd|rd|th)|[NSEW]{1,2}\.?|St\.)"
_UK_CODE = r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
# 62704, AU: SA 5000, CA: ON M5V 2T6
_US_CODE = r"(?:[A-Z]{2,3}\.? \d{4,5}(?:-\d{4})?|(?:[A-Z]{2} )?[A-Z]\d[A-Z] ?\d[A-Z]\d)"
_UNIT = r"(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|Rm)\.? ?#?[0-9A-Z-]{1,6}"
# City, state and code behind the street.
_TAIL = (
    rf"(?:,? (?:{_UNIT}|#\d{{1,5}}))?"
    rf"(?:,? (?:[A-Z][a-z'’-]+ ){{0,2}}[A-Z][a-z'’-]+,? (?:{_UK_CODE}|{_US_CODE}|\d{{4,6}})"
    rf"|, [A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+)?(?=[\s.,;!?)]|$)|,? (?:{_UK_CODE}|{_US_CODE}))?"
)
# Letters of Latin words alone count as letters here: 住所は42 Larkfield Roadです.
_ENGLISH = (
    re.compile(
        rf"(?:{_UNIT},? )?(?<![\w.,-])\d{{1,5}}[A-Za-z]?,? (?:{_WORD} ){{1,4}}{_STREET}\b\.?(?<!\.\.){_TAIL}", re.ASCII
    ),
    re.compile(
        r"(?<![\w.,-])\d{2,5} (?!(?:way|minutes?|hours?|miles?|lane|car|km|mins?|long|busy|side|more) )[a-z]{3,12} "
        r"(?:street|avenue|road|lane)\b(?:, (?:apt|unit|flat) \w{1,4})?",
        re.ASCII,
    ),
    re.compile(rf"\bP\.? ?O\.? ?Box \d{{1,7}}{_TAIL}", re.IGNORECASE | re.ASCII),
    # 1-2-3 Nishi-Honmachi, Kita-ku, Osaka 530-0001
    re.compile(
        r"(?<![\d-])\d{1,4}(?:-\d{1,4}){1,3},? [A-Z][a-z]+(?:-[A-Za-z]+)*"
        r"(?:, [A-Z][a-z]+(?:-(?:ku|shi|cho|machi|gun|son|mura))?){1,3}"
        r"(?:,? \d{3}-\d{4})?"
    ),
    re.compile(rf"(?<![0-9A-Za-z]){_UK_CODE}(?![0-9A-Za-z])"),
)
_ZIP = re.compile(
    r"\b(?:zip|zip ?code|postal code|postcode)\s?(?:is|:|of|,|=)?\s?#?(\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)\b",
    re.IGNORECASE | re.ASCII,
)
# "5 Star Place", "10 Street", "3 Way": a count before an ordinary word, not a house before its street.
_COUNTED = re.compile(r"^\d+ (?:Star|Stars|Hour|Minute|Day|Night|Year|Mile|Dollar|Percent)\b")


def addresses(text: str) -> Iterator[Span]:
    """Yield postal codes and addresses; the text is folded (`nps_nlp.privacy.find.folded`)."""
    for house in _HOUSE.finditer(text):
        start = _start_of_area(text, house)
        if start is not None:
            behind = _BEHIND.match(text, house.end())
            yield start, behind.end() if behind else house.end()
    for pattern in _POSTAL_ALONE:
        for m in pattern.finditer(text):
            yield m.span(1) if m.re.groups else m.span()
    for pattern in _ENGLISH:
        for m in pattern.finditer(text):
            if not _COUNTED.match(m[0]):
                yield m.start(), m.start() + len(m[0].rstrip(" ."))
    yield from (m.span(1) for m in _ZIP.finditer(text))


def _start_of_area(text: str, house: re.Match[str]) -> int | None:
    """Return where the address begins whose house this may be; None where the number is none."""
    left = max(0, house.start() - _REACH)
    before = text[left : house.start()]
    area = _AREA.search(before)
    if area is None:
        return None
    places = [m.start() for m in re.finditer(_PREFECTURE, before[area.start() :])]
    known = bool(area["postal"] or places)
    if not (known and area["city"]) and (house["plain"] or not (known or area["city"])):
        town = _TOWN.search(before)
        if not town or not house["several"] or not _THREE.match(house["several"]):
            return None
        return left + town.start()
    if area["postal"]:
        return left + area.start()
    if places:
        return left + area.start() + places[-1]
    lead = _LEAD.match(area[0])
    return left + area.start() + (lead.end() if lead else 0)
