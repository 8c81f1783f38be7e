"""The code on the paid screen: what was paid, and which event says so, readable by a machine.

``comptoir:1;A1-17;EUR;1250;t1/1/42`` is version, check number, currency, total in minor units and
the last payment's terminal/epoch/seq.
"""

import io

import segno

from comptoir.domain.check import Check
from comptoir.domain.envelope import Envelope

VERSION = 1


def text(check: Check, currency: str, event: Envelope) -> str:
    """Return what the code says."""
    where = f"{event.terminal}/{event.epoch}/{event.seq}"
    return f"comptoir:{VERSION};{check.number};{currency};{check.total};{where}"


def svg(content: str) -> str:
    """Return it as an SVG element that scales with its box."""
    out = io.BytesIO()
    segno.make(content, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, svgclass="code"
    )
    return out.getvalue().decode()
