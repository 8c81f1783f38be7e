"""The code on receipts and on the paid screen, drawn."""

import io

import segno


def svg(content: str) -> str:
    """Return it as an SVG element that scales with its box."""
    out = io.BytesIO()
    segno.make(content, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, svgclass="code"
    )
    return out.getvalue().decode()
