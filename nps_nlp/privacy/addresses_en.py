"""Western postal codes and addresses down to the house; names of places alone are public."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nps_nlp.privacy.numbers import Span

_STREET = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Close|Way|Place|Pl|Terrace|Tce|Crescent|Cres|Boulevard|Blvd"
    r"|Square|Sq|Gardens|Grove|Hill|Row|Mews|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Trail|Alley|Quay|Walk|Parade|Green|View"
    r"|Yard|Wharf|Bypass|Esplanade|Promenade|Plaza|Turnpike|Freeway|Fwy|Expressway)"
)
# Letters are spelt out, so that Latin words end where Japanese ones begin: 住所は42 Larkfield Roadです.
_CAPITAL = r"[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]{1,24}"
_WORD = rf"(?:{_CAPITAL}|\d{{1,3}}(?:st|nd|rd|th)|[NSEW]{{1,2}}\.?|St\.)"
# The last two letters of a British code are none of C, I, K, M, O and V; "M1 8GB" is a computer.
_UK_CODE = r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d(?!GB|TB)[ABD-HJLNP-UW-Z]{2})"
_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|PR|RI"
    r"|S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
)
# 62704, AU: SA 5000, CA: ON M5V 2T6
_US_CODE = (
    rf"(?:{_STATE}\.? \d{{5}}(?:-\d{{4}})?|(?:NSW|VIC|QLD|SA|WA|TAS|NT|ACT) \d{{4}}"
    r"|(?:[A-Z]{2} )?[A-Z]\d[A-Z] ?\d[A-Z]\d)"
)
_CODE = rf"(?:{_UK_CODE}|{_US_CODE})(?![0-9A-Za-z])"
_UNIT = (
    r"(?:(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|Rm|Bldg|Building|Level|Lot)\.? ?#?[0-9A-Z-]{1,6}"
    r"|\d{1,2}(?:st|nd|rd|th) [Ff]loor)"
)
# City, state and code behind the street.
_TAIL = (
    rf"(?:,? (?:{_UNIT}|#\d{{1,5}})){{0,2}}"
    rf"(?:,? (?:{_CAPITAL},? ){{0,3}}{_CAPITAL},? (?:{_CODE}|\d{{4,6}}(?:-\d{{4}})?(?!\d))"
    rf"|, {_CAPITAL}(?: {_CAPITAL})?(?=[\s.,;!?)]|$)|,? {_CODE})?"
)
_HOUSE = r"(?<![\w.,-])[NSEW]?\d{1,5}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?"
_BOX = r"(?:\bP\.? ?O\.? ?)?\bBox \d{1,7}"
_BETWEEN = rf"(?:{_WORD}|[A-Z]\.?|#?\d{{1,5}}[A-Za-z]?|of|on|the|upon|under|and|de|du|des|la|le|les)"
_EUROPEAN_CITY = rf", (?:[A-Z]{{1,2}}-)?\d{{4,5}} {_CAPITAL}(?: {_CAPITAL})?"
_PATTERNS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        # Whatever stands between a house and a code: 6 The Paddocks, Ashbourne, Derbyshire DE6 9ZZ.
        (rf"(?:{_UNIT},? )?(?:{_HOUSE}|{_BOX})(?:,? {_BETWEEN}){{1,12}}?,? {_CODE}", re.ASCII),
        (rf"(?:{_UNIT},? )?{_HOUSE},? (?:{_WORD} ){{1,4}}{_STREET}\b\.?(?<!\.\.){_TAIL}", re.ASCII),
        (
            rf"{_HOUSE},? (?:(?:Old|County|State|US|Rural) )*(?:Road|Rd|Route|Rte|Highway|Hwy) \d{{1,4}}\b{_TAIL}",
            re.ASCII,
        ),
        (
            (
                r"(?<![\w.,-])\d{2,5} (?!(?:way|minutes?|hours?|miles?|lane|car|km|mins?|long|busy|side|more) )"
                r"[a-z]{3,12} "
                r"(?:street|avenue|road|lane)\b(?:, (?:apt|unit|flat) \w{1,4})?"
            ),
            re.ASCII,
        ),
        (rf"\bP\.? ?O\.? ?Box \d{{1,7}}{_TAIL}", re.IGNORECASE | re.ASCII),
        # 1-2-3 Nishi-Honmachi, Kita-ku, Osaka 530-0001
        (
            (
                r"(?<![\d-])\d{1,4}(?:-\d{1,4}){1,3},? [A-Z][a-z]+(?:-[A-Za-z]+)*"
                r"(?:, [A-Z][a-z]+(?:-(?:ku|shi|cho|machi|gun|son|mura))?){1,3}"
                r"(?:,? \d{3}-\d{4})?(?:, Japan)?"
            ),
            re.ASCII,
        ),
        # Hauptstraße 12, 80999 München; Calle Mayor 99, 28099 Madrid
        (rf"{_CAPITAL}(?:straße|strasse|str\.|gasse|allee) \d{{1,4}} ?[a-z]?(?![a-z])(?:{_EUROPEAN_CITY})?", re.ASCII),
        (rf"(?:{_CAPITAL} ){{1,4}}\d{{1,4}} ?[a-z]?{_EUROPEAN_CITY}", re.ASCII),
        (
            (
                r"(?<![\w.,-])\d{1,4}(?: ?(?:bis|ter))?,? (?:[Rr]ue|[Aa]venue|[Bb]oulevard"
                r"|[Cc]hemin|[Ii]mpasse|[Qq]uai|[Aa]llée|Via"
                r"|Calle) (?:(?:de|du|des|la|le|les) |[dl]['’]){0,3}"
                rf"{_CAPITAL}(?: {_CAPITAL}){{0,3}}(?:, \d{{5}} {_CAPITAL})?"
            ),
            re.ASCII,
        ),
        (rf"(?<![0-9A-Za-z]){_UK_CODE}(?![0-9A-Za-z])", re.ASCII),
    )
)
_ZIP = re.compile(
    r"\b(?:zip|zip ?code|postal code|postcode)\s?(?:is|:|of|,|=)?\s?#?(\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)\b",
    re.IGNORECASE | re.ASCII,
)
# "5 Star Place", "10 Street", "3 Way": a count before an ordinary word, not a house before its street.
_COUNTED = re.compile(r"^\d+ (?:Star|Stars|Hour|Minute|Day|Night|Year|Mile|Dollar|Percent)\b")


def addresses(text: str) -> Iterator[Span]:
    """Yield postal codes and addresses; the text is folded (`nps_nlp.privacy.find.folded`)."""
    for pattern in _PATTERNS:
        for m in pattern.finditer(text):
            if not _COUNTED.match(m[0]):
                yield m.start(), m.start() + len(m[0].rstrip(" ."))
    yield from (m.span(1) for m in _ZIP.finditer(text))
