"""QR codes of links, for screens and for paper.

Owns size and error correction. It must not know what a link is.
"""

from io import BytesIO

import segno

# A quarter of it may be dirty, torn or under a thumb.
_CORRECTION = "q"
# Four modules of white around it, as ISO/IEC 18004 asks.
_BORDER = 4
# Pixels for each module: sharp at 5 cm on paper.
_SCALE = 12


def qr_svg(url: str) -> str:
    """Return the QR code of an address as an SVG picture of its own, without script or style."""
    out = BytesIO()
    segno.make(url, error=_CORRECTION, micro=False).save(
        out, kind="svg", border=_BORDER, xmldecl=False, svgns=True, omitsize=True, dark="#000", light="#fff"
    )
    return out.getvalue().decode()


def qr_png(url: str) -> bytes:
    """Return the QR code of an address as a PNG picture."""
    out = BytesIO()
    segno.make(url, error=_CORRECTION, micro=False).save(out, kind="png", border=_BORDER, scale=_SCALE)
    return out.getvalue()
