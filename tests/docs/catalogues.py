"""Brings the screens' catalogues up to date: new texts wait for their translator."""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

WEB = Path("app/comptoir/web")
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
WIDTH = 100


def asked() -> Iterator[tuple[str | None, str | tuple[str, ...]]]:
    """Yield what the sources ask for: context, then the English text or its two numbers."""
    for _, _, text, _, context in extract_from_dir(WEB, METHODS):
        yield context, text


def renew() -> list[Path]:
    """Renew every catalogue; returns those that changed."""
    return [file for file in sorted(WEB.glob("translations/*/LC_MESSAGES/*.po")) if _renew(file)]


def _renew(file: Path) -> bool:
    before = file.read_bytes()
    old = read_po(io.BytesIO(before))
    new = Catalog(
        old.locale,
        project="Comptoir",
        version="0.1.0",
        header_comment=old.header_comment,
        fuzzy=False,
    )
    for context, text in asked():
        known = old.get(text, context)
        new.add(text, known.string if known else "", context=context)
    out = io.BytesIO()
    write_po(out, new, width=WIDTH, sort_output=True, no_location=True)
    lines = [line for line in out.getvalue().splitlines(keepends=True) if _kept(line)]
    file.write_bytes(b"".join(lines))
    return file.read_bytes() != before


def _kept(line: bytes) -> bool:
    """Tell a line of the header that says something from one that says when and by which tool."""
    idle = (b'"Report-Msgid-Bugs-To', b'"POT-Creation-Date', b'"PO-Revision-Date',
            b'"Last-Translator', b'"Language-Team', b'"Generated-By')  # fmt: skip
    return not line.startswith(idle)
