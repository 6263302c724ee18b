"""Japanese postal codes and addresses down to the house; names of places alone are public."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nps_nlp.privacy.numbers import Span

_NUMBER = r"(?:\d{1,5}|[〇一二三四五六七八九十百]{1,5})"
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
    rf"(?:(?P<postal>{_POSTAL})\s*)?(?P<prefecture>{_PREFECTURE})?\s?(?P<city>(?:{_LETTER}{{1,30}}[市区町村郡]\s?){{1,2}})?"
    rf"(?P<town>{_LETTER}{{0,14}}\s?)$"
)
_REACH = 60
_TOWN = re.compile(rf"[{_HAN}]{{2,8}}(?<!番号)$")
# In a town (…市…町99) and at a street corner of Kyoto (四条通烏丸東入…99), one number is a house already.
_NAMED_TOWN = re.compile(r"[市区郡].*(?:町|字[^市区町村郡]{1,6})$|通.*(?:上る|上ル|下る|下ル|東入|西入)")
_JOIN = r"(?:丁目|番町|番地の?|番|号|条通|条|線|[-ー−–のノ])"
# A house: 1-2-3, 三丁目4番5号, 2丁目1-1, 99番地, and by streets: 北4条西9丁目1-1, 9条通12丁目右8号.
_HOUSE = re.compile(
    rf"(?<![\d〇一二三四五六七八九十百-])(?:(?P<several>{_NUMBER}\s?{_JOIN}\s?[東西南北左右]?\s?{_NUMBER}"
    rf"(?:\s?{_JOIN}\s?[東西南北左右]?\s?{_NUMBER}){{0,4}}(?:丁目|番地?|号室?)?)(?!\d)"
    rf"|(?P<single>{_NUMBER}番地(?:{_NUMBER})?)(?!\d)|(?P<plain>\d{{1,5}})(?!\d))"
)
# What makes a number behind a town an amount and no house.
_AMOUNT = re.compile(
    r"\s?(?:[分秒時日月年回人名円万千億台個件度歳代階店位枚点本杯泊番第つ種社校駅歩割%]|周[年目]|[ヶか箇](?:月|所|国|年)"
    r"|パーセント|キロ|メートル|[kK]m|[cm]m)"
)
_THREE = re.compile(r"[1-9]\d{0,3}[-ー]\d{1,4}[-ー]\d{1,4}(?![\d-])|.{1,5}丁目.*(?:番|-|号)")
_DATE = re.compile(r"(?:19|20)\d\d-\d\d?(?:-\d\d?)?$")
_HOUSE_WORD = (
    r"(?:ビルディング|ビル|ハイツ|コーポ|メゾン|マンション|アパート|レジデンス|テラス|タワー|ハウス|パレス"
    r"|ビラ|ドミール|コート|荘|寮|団地|ハイム|グラン|リバーサイド|サンライズ|パーク)"
)
# No particle stands in the name of a building: …9-9 に住んでいます、マンションの3階.
_OF_NAME = r"(?:第\d|[一-鿿々ァ-ヺーA-Za-z・ぁ-かきぎくぐけげこ-てなぬ-のばぱひ-ん])"
_ROOM = r"(?:[A-Z]棟)?\s?[A-Z]?-?\d{1,4}(?:号室?|F|階(?:[A-Z]室)?)?"
_BUILDING = re.compile(
    rf"[ ,、]{{0,2}}{_OF_NAME}{{0,12}}?{_HOUSE_WORD}(?:{_OF_NAME}{{0,10}}?\s?{_ROOM})?(?!\d)"
    r"|[ ,、]?\s?[ァ-ヺー]{3,14}[一-鿿]{0,4}\s?\d{2,4}(?!\d)"
    r"|[ ,、]?\s?[ァ-ヺーA-Za-z一-鿿々ぁ-ん・]{2,16}?\s?[A-Z]?-?\d{1,4}(?:号室?|F|階)"
    r"|[- 、]\d{1,4}(?:号室?|F|階)"
)
_POSTAL_ALONE = (
    re.compile(r"〒\s?\d{3}-?\d{4}(?!\d)"),
    re.compile(r"(?:郵便番号|〒番号)[^\d\n]{0,6}?(\d{3}-?\d{4})(?!\d)"),
)
# What the letters before a city take along: 住所は, 自宅は, うちは.
_LEAD = re.compile(
    r"^.*(?:住所|自宅|実家|届け先|送付先|配送先|引越し先|転居先|勤務先|現在|今[はの])[はがのを:\s、]*"
    r"|^[^市区町村郡]*[はをへ、]|^[ぁ-んー]*[がの]"
)


def addresses(text: str) -> Iterator[Span]:
    """Yield postal codes and addresses; the text is folded (`nps_nlp.privacy.find.folded`)."""
    for house in _HOUSE.finditer(text):
        start = _start_of_area(text, house)
        if start is not None:
            behind = _BUILDING.match(text, house.end())
            yield start, behind.end() if behind else house.end()
    for pattern in _POSTAL_ALONE:
        for m in pattern.finditer(text):
            yield m.span(1) if m.re.groups else m.span()


def _start_of_area(text: str, house: re.Match[str]) -> int | None:
    """Return where the address begins whose house this may be; None where the number is none."""
    long = bool(house["several"] and _THREE.match(house["several"]))
    if _DATE.match(house[0]) or (not long and _AMOUNT.match(text, house.end())):
        return None
    left = max(0, house.start() - _REACH)
    before = text[left : house.start()]
    area = _AREA.search(before)
    if area is None:
        return None
    places = [m.start() for m in re.finditer(_PREFECTURE, before[area.start() :])]
    if not _is_address(area, house, known=bool(area["postal"] or places)):
        town = _TOWN.search(before)
        return left + town.start() if town and long else None
    if area["postal"]:
        return left + area.start()
    if places:
        return left + area.start() + places[-1]
    lead = _LEAD.match(area[0])
    return left + area.start() + (lead.end() if lead else 0)


def _is_address(area: re.Match[str], house: re.Match[str], *, known: bool) -> bool:
    """Tell whether a number behind an area is a house of it."""
    if not house["plain"]:
        return known or bool(area["city"])
    return bool(area["city"]) and (known or bool(_NAMED_TOWN.search(area[0])))
