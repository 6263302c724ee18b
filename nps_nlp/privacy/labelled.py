"""Numbers that are personal by what they are called (order, customer, policy …), and names of accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nps_nlp.privacy.numbers import Span

_OF_JA = (
    "(?:ご?注文|オーダー|ご?予約|受付|会員|お?客様|顧客|ユーザー?|ご?契約者?|証券|保険証券?|保険者|被保険者|口座|診察券|患者|お?問い?合わ?せ|チケット|伝票|送り状|追跡|トラッキング"
    "|配送|荷物|社員|職員|学籍|学生|登録|受験|照会|管理|整理|シリアル|製造|申込|申請|請求書?|見積書?|領収書?|ポイントカード|カード会員|マイレージ|免許証?|旅券|パスポート|ケース|案件|事故|物件|確認"
    "|お取引|取引|お届け|顧客管理|キャンペーン|ログイン|利用者|加入者|車両|車台|年金|基礎年金)"
)
_VALUE = r"(?=[0-9A-Za-z_/-]{0,20}\d)[0-9A-Za-z](?:[0-9A-Za-z]|[-_/](?=[0-9A-Za-z])){3,39}"
# Printed in groups: 943 476 5919, HN 0099 1234 C.
_GROUPS = r"(?:[A-Z]{1,3} )?\d{2,6}(?:[ -]\d{2,6}){1,5}(?: [A-Z])?(?!-?[0-9A-Za-z])"
_JAPANESE = re.compile(
    rf"{_OF_JA}\s?[(（「【]?\s?(?:番号|ナンバー|コード|No\.?|NO\.?|no\.?|№|ID|Id|id|#)(?:\s|[はがをの:：=#「『【(（,、]){{0,4}}(?P<value>{_GROUPS}|{_VALUE})"
    rf"|{_OF_JA}\s?[#:]\s?(?P<sharp>(?=[0-9A-Za-z-]*\d{{3}}){_VALUE})"
)
_OF_EN = (
    r"(?:order|booking|reservation|confirmation|customer|client|account|acct|policy|claim|ticket|case|reference|ref|invoice|tracking"
    r"|membership|member|loyalty|student|employee|staff|patient|passport|licen[cs]e|serial|contract|case|receipt|transaction|quote"
    r"|shipment|parcel|support|incident|request|user|itinerary|pnr|record locator|rewards?|frequent flyer"
    r"|mrn|nhs|ssn|vin|iban|routing|sort code)"
)
_NAMED_EN = re.compile(
    rf"\b{_OF_EN}(?:\s(?:reference|confirmation|tracking|support|account|order|booking|card))?"
    rf"\s?(?:(?:numbers?|num|no|nr|id|code|reference|ref)(?![A-Za-z])\.?|#)(?:\s|[:#=(]|,\s|\b(?:is|was|are)\b){{0,5}}(?P<value>{_GROUPS}|{_VALUE})(?![0-9A-Za-z])",
    re.IGNORECASE | re.ASCII,
)
# Without "number": only what cannot be a year, a price or a count.
_CALLED_EN = re.compile(r"\b" + _OF_EN, re.IGNORECASE | re.ASCII)
_BARE_VALUE = re.compile(
    r"[.]?(?:\s(?:is|was))?\s?[:#(]{0,2}\s?#?(?P<value>(?=[0-9A-Z-]*\d[0-9A-Z-]*\d[0-9A-Z-]*\d)[0-9A-Z](?:[0-9A-Z]|-(?=[0-9A-Z])){4,29})"
    r"(?![0-9A-Za-z%])"
)
_SHARP = re.compile(r"(?<![0-9A-Za-z&])#(?P<value>(?:[A-Z]{1,4}-?)?\d{5,16})(?![0-9A-Za-z])")
_SHAPED = re.compile(
    r"(?<![0-9A-Za-z-])(?:[A-Z]{2,4}-(?:\d{4}-)?\d{4,12}|[A-Z]{2,3}\d{7,12}(?:[A-Z]{2})?|\d{3}-\d{7}-\d{7}|\d{3}-\d{2}-\d{4}|1Z[0-9A-Z]{16})(?![0-9A-Za-z-])"
)
# What is made in numbers is nobody's: 型番KX-98765, model AB-1234, ISO.
_OF_A_THING = re.compile(
    r"(?:型番|型式|品番|商品コード|商品番号"
    r"|モデル|機種|部品番号|規格|\b(?:model|part|sku"
    r"|item|version|type|standard)(?: (?:no\.?|number|code))?)\s?[:=はの]?\s?$",
    re.IGNORECASE,
)
_AMOUNT_AFTER = re.compile(r"\s?(?:円|年|ドル|yen|dollars|USD|JPY|%)")

# Names of brands that are written with the sign of an account.
_BRANDS = frozenset(["cosme", "nifty", "home", "niftycom", "it", "type", "press", "context", "id"])
_DOMAIN = re.compile(r".*\.(?:com|org|net|jp|uk|de|io|edu|gov)", re.IGNORECASE)
_HANDLE = re.compile(
    r"(?<![0-9A-Za-z._%+@-])@(?P<value>[A-Za-z_](?=[0-9A-Za-z_.]{2})[0-9A-Za-z_.]{1,38}[0-9A-Za-z_])(?![@/0-9A-Za-z_])"
)
_NETWORK = (
    r"(?<![A-Za-z])(?:LINE|ライン|インスタ(?:グラム)?|Instagram|insta|IG|Twitter|ツイッター|TikTok|Discord|Skype|Telegram|Snapchat|Facebook|Threads|YouTube"
    r"|WeChat|カカオ|Kakao|Slack|Reddit)"
)
_ACCOUNT = re.compile(
    rf"{_NETWORK}\s?(?:(?:の\s?)?(?:ID|アカウント(?:名)?|アカ|handle|account|name|username|is|は|[:=(])\s?){{1,3}}"
    r"(?:@|u/)?(?P<value>(?=[0-9A-Za-z_.#-]{0,30}(?:[\d_#]|\.[0-9A-Za-z]))[A-Za-z][0-9A-Za-z_.#-]{2,38}[0-9A-Za-z])(?![@0-9A-Za-z])",
    re.IGNORECASE,
)
_REDDIT = re.compile(r"(?<![0-9A-Za-z/])u/[0-9A-Za-z_-]{3,20}\b")


def identifiers(text: str) -> Iterator[Span]:
    """Yield numbers of orders, bookings, customers, policies, tickets and the like."""
    for pattern in (_JAPANESE, _NAMED_EN):
        for m in pattern.finditer(text):
            group = "sharp" if pattern is _JAPANESE and m["sharp"] else "value"
            if not _AMOUNT_AFTER.match(text, m.end(group)):
                yield m.span(group)
    for m in _CALLED_EN.finditer(text):
        found = _BARE_VALUE.match(text, m.end())
        if found and not _AMOUNT_AFTER.match(text, found.end("value")):
            yield found.span("value")
    for m in _SHARP.finditer(text):
        yield m.span()
    for m in _SHAPED.finditer(text):
        if not _OF_A_THING.search(text[max(0, m.start() - 20) : m.start()]):
            yield m.span()


def handles(text: str) -> Iterator[Span]:
    """Yield names of accounts in social networks."""
    for m in _HANDLE.finditer(text):
        if m["value"].lower() not in _BRANDS and not _DOMAIN.fullmatch(m["value"]):
            yield m.span()
    for m in _ACCOUNT.finditer(text):
        yield m.span("value")
    for m in _REDDIT.finditer(text):
        yield m.span()
