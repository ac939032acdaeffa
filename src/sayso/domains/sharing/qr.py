"""QR codes of links, for screens and for paper.

Owns size and error correction. It must not know what a link is.
"""

from io import BytesIO
from typing import Any

# A quarter of it may be dirty, torn or under a thumb.
_CORRECTION = "q"
# Four modules of white around it, as ISO/IEC 18004 asks.
_BORDER = 4
# Pixels for each module: sharp at 5 cm on paper.
_SCALE = 12


def qr_svg(url: str) -> str:
    """Return the QR code of an address as an SVG picture of its own, without script or style."""
    out = BytesIO()
    _code(url).save(
        out, kind="svg", border=_BORDER, xmldecl=False, svgns=True, omitsize=True, dark="#000", light="#fff"
    )
    return out.getvalue().decode()


def qr_png(url: str) -> bytes:
    """Return the QR code of an address as a PNG picture."""
    out = BytesIO()
    _code(url).save(out, kind="png", border=_BORDER, scale=_SCALE)
    return out.getvalue()


def _code(url: str) -> Any:
    # Loaded when a code is asked for: a process that only answers events does without it.
    import segno  # noqa: PLC0415

    return segno.make(url, error=_CORRECTION, micro=False)
