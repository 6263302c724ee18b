"""Turn masks with codes back into the words they stand for, in every file that a report writes."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import zipfile
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.privacy.find import MASK
from nps_nlp.privacy.pseudonyms import MAP_NAME, open_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_SCRIPT = re.compile(r"(<script\b.*?</script>)", re.DOTALL)


def unmask_text(text: str, known: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
    """Put the words back; masks without a code, or of another map, stay.

    Examples
    --------
    >>> unmask_text("［氏名:K7Q2ABCD］さん [email]", {"K7Q2ABCD": "佐藤"})
    '佐藤さん [email]'
    """
    return MASK.sub(lambda m: escape(known[m["code"]]) if m["code"] in known else m[0], text)


def unmask_with_key(path: Path, key: Path, sealed: Path | None = None, out: Path | None = None) -> Path:
    """Write a file of a report with the words put back; return where.

    Parameters
    ----------
    path, key : Path
        The file, and the key that the report was made with.
    sealed, out : Path, optional
        The encrypted map (by default the one beside the file) and the file to write (NAME.unmasked beside it).

    Raises
    ------
    InputError
        When a file cannot be read, or the map was written with another key.
    """
    known = open_key(key, create=False).read_map(sealed or path.parent / MAP_NAME)
    target = out or path.with_name(f"{path.stem}.unmasked{path.suffix}")
    unmask_file(path, known, target)
    return target


def unmask_file(path: Path, known: Mapping[str, str], out: Path) -> None:
    """Write a file with the words put back, readable by its owner alone.

    Parameters
    ----------
    path : Path
        HTML, JSON, CSV, text, XLSX or Parquet.
    known : mapping of str to str
        Code → words, from `Pseudonyms.read_map`.
    out : Path

    Raises
    ------
    InputError
        When the file cannot be read.
    """
    readers = {".html": _html, ".json": _json, ".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet}
    read = readers.get(path.suffix.lower(), _plain)
    try:
        content = read(path.read_bytes(), known)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: cannot be read as {path.suffix or 'text'} ({error}).") from error
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def _plain(content: bytes, known: Mapping[str, str]) -> bytes:
    return unmask_text(content.decode("utf-8"), known).encode()


def _json(content: bytes, known: Mapping[str, str]) -> bytes:
    return unmask_text(content.decode("utf-8"), known, _in_json).encode()


def _html(content: bytes, known: Mapping[str, str]) -> bytes:
    # The explorer's data is JSON in a script, the rest is text of the page: the words are escaped as each needs.
    parts = _SCRIPT.split(content.decode("utf-8"))
    return "".join(unmask_text(p, known, _in_script if i % 2 else html.escape) for i, p in enumerate(parts)).encode()


def _in_json(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)[1:-1]


def _in_script(words: str) -> str:
    return _in_json(words).replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _csv(content: bytes, known: Mapping[str, str]) -> bytes:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    out = io.StringIO(newline="")
    csv.writer(out).writerows([unmask_text(cell, known) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(content: bytes, known: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in book.infolist():
            data = book.read(part)
            if part.filename.endswith(".xml"):
                data = unmask_text(data.decode("utf-8"), known, lambda words: html.escape(words, quote=False)).encode()
            copy.writestr(part, data)
    return out.getvalue()


def _parquet(content: bytes, known: Mapping[str, str]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(content))
    for at, column in enumerate(table.schema):
        if pa.types.is_string(column.type):
            cells = [None if c is None else unmask_text(c, known) for c in table.column(at).to_pylist()]
            table = table.set_column(at, column, pa.array(cells, column.type))
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()
