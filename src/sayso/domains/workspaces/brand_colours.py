"""The colours of a site, made from the one colour that a company picked, so that everything can be read on everything.

Owns the arithmetic of contrast (WCAG 2.2, relative luminance). It must not know a page or a mail.
"""

from __future__ import annotations

from dataclasses import dataclass

# The contrast that text needs (WCAG 2.2, 1.4.3); a button is known by its words and its edge, so that a company keeps
# its own colour there as long as it can be told from the ground at all.
TEXT, SHAPE = 4.5, 1.14
_STEPS = 100
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
# The worst that text stands on: the darkest light ground and the lightest dark one (`sunken`, `surface` in tokens.css).
_LIGHT_GROUND, _DARK_GROUND = (243, 240, 234), (32, 32, 38)
_LIGHT_WASH, _DARK_WASH = 0.09, 0.12

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Shades:
    """The colours of one scheme, light or dark, each as `#rrggbb`.

    Attributes:
        fill: of buttons and marks; it can be told from the ground.
        on_fill: of text on the fill.
        ink: of text and links on every ground, the wash too.
        wash: a ground with a touch of the colour.
    """

    fill: str
    on_fill: str
    ink: str
    wash: str


def light_shades(colour: str) -> Shades:
    """Return the colours of the light scheme for a colour `#rrggbb`."""
    return _shades(_read(colour), _LIGHT_GROUND, towards=_BLACK, share=_LIGHT_WASH)


def dark_shades(colour: str) -> Shades:
    """Return the colours of the dark scheme for a colour `#rrggbb`."""
    return _shades(_read(colour), _DARK_GROUND, towards=_WHITE, share=_DARK_WASH)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    return _contrast(_read(one), _read(other))


def _shades(colour: Colour, ground: Colour, *, towards: Colour, share: float) -> Shades:
    fill = _moved(colour, towards, [ground], SHAPE)
    wash = _mixed(ground, colour, share)
    ink = _moved(colour, towards, [ground, wash], TEXT)
    # One of the two always does: where white is at 4.5 or below, black is above it.
    on_fill = _WHITE if _contrast(_WHITE, fill) >= TEXT else _BLACK
    return Shades(*map(_written, (fill, on_fill, ink, wash)))


def _moved(colour: Colour, towards: Colour, grounds: list[Colour], wanted: float) -> Colour:
    """The colour, no further towards black or white than it takes to be seen on the grounds."""
    for step in range(_STEPS):
        moved = _mixed(colour, towards, step / _STEPS)
        if all(_contrast(moved, ground) >= wanted for ground in grounds):
            return moved
    return towards


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _contrast(one: Colour, other: Colour) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(each / 255) for each in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)


def _read(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _written(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
