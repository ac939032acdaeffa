"""Drawing the picture of a page (Open Graph): headline, offer and company, on paper.

Owns the drawing, which is kept by its content; it is loaded when a picture is asked for. It must not read a file of
anybody's but the company's logo, which was checked when it was set.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path

import font_source_serif_pro
from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from sayso.domains.workspaces.brand_colours import Shades, light_shades

WIDTH, HEIGHT = 1200, 630
_MARGIN, _LOGO_HEIGHT, _MOST_LINES = 84, 84, 4
_INK, _MUTED, _PAPER, _LINE = "#24232e", "#5b5a66", "#fcfaf6", "#d8d4cc"
_FONT = Path(font_source_serif_pro.__file__).parent / "files" / "SourceSerifPro-Regular.ttf"
_LARGEST_LOGO_PIXELS = 4_000_000
_STEP = 40


@lru_cache(64)
def drawn(headline: str, below: str, company: str, colour: str, logo: bytes) -> bytes:
    """Return the picture as PNG.

    Args:
        headline, below: what it says, large and small.
        company, colour, logo: whose it is; the first letter stands for a logo that is empty or unreadable.
    """
    shades = light_shades(colour)
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, HEIGHT - 18, WIDTH, HEIGHT), fill=shades.fill)
    _company(image, draw, company, shades, logo)
    top = _text(draw, headline, (_MARGIN, 206), 74, _INK)
    _text(draw, below, (_MARGIN, top + 28), 34, _MUTED)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _company(image: Image.Image, draw: ImageDraw.ImageDraw, company: str, shades: Shades, logo: bytes) -> None:
    left = _MARGIN
    picture = _logo(logo)
    if picture:
        image.paste(picture, (left, 72), picture)
        left += picture.width + 24
    else:
        draw.rounded_rectangle((left, 72, left + 72, 144), 18, fill=shades.fill, outline=_LINE)
        draw.text((left + 36, 108), company[:1].upper(), font=_font(44), fill=shades.on_fill, anchor="mm")
        left += 96
    draw.text((left, 108), company[:48], font=_font(38), fill=_INK, anchor="lm")


def _logo(logo: bytes) -> Image.Image | None:
    """The logo as it is drawn; a picture that cannot be read, or that unpacks to far too much, is left out."""
    if not logo:
        return None
    try:
        with Image.open(BytesIO(logo), formats=("PNG", "JPEG", "WEBP")) as found:
            if found.width * found.height > _LARGEST_LOGO_PIXELS:
                return None
            width = max(1, round(found.width * _LOGO_HEIGHT / found.height))
            return found.convert("RGBA").resize((min(width, WIDTH // 3), _LOGO_HEIGHT))
    except (UnidentifiedImageError, OSError, ValueError):
        return None


def _text(draw: ImageDraw.ImageDraw, text: str, at: tuple[int, int], size: int, fill: str) -> int:
    """Write a text in lines, and return where it ends."""
    font, (left, top) = _font(size), at
    for line in _lines(draw, text, font)[:_MOST_LINES]:
        draw.text((left, top), line, font=font, fill=fill)
        top += round(size * 1.24)
    return top


def _lines(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """The text in as few lines as it needs, about equally long, so that no word is left alone."""
    wide = _broken(draw, text, font, WIDTH - 2 * _MARGIN)
    for width in range(WIDTH // 3, WIDTH - 2 * _MARGIN, _STEP):
        lines = _broken(draw, text, font, width)
        if len(lines) == len(wide):
            return lines
    return wide


def _broken(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line]


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """Source Serif, which has the letters of all of Europe and is there on every machine."""
    return ImageFont.truetype(str(_FONT), size)
