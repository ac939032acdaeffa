"""How a mail looks: between the company's head and foot, on small and large screens, light and dark; and as plain text.

Owns both forms. MJML makes of a few sections what every mail reader shows alike; to compile takes a fiftieth of a
millisecond, so nothing is kept. Whatever is put in is text and is escaped here. It must not word what a mail is about.
"""

from dataclasses import dataclass
from textwrap import fill

import mjml
from django.utils.html import escape

from sayso.domains.outreach.words import Words
from sayso.domains.workspaces.brand_colours import dark_shades, light_shades
from sayso.domains.workspaces.models import Brand

_TEXT_FONT = "Inter, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"
_TITLE_FONT = "Newsreader, Georgia, 'Times New Roman', serif"
_CODE_FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, monospace"
_TEXT_WIDTH = 72
# What stands out in large letters fits a phone's line.
_SHORT, _SHORT_WORD = 60, 16
# Paper, surface, line, ink and muted ink of the pages' tokens, as mail readers understand them.
_PAPER, _SURFACE, _LINE, _INK, _MUTED = "#fcfaf6", "#ffffff", "#e3dfd8", "#22212b", "#5c5a68"
_DARK_PAPER, _DARK_SURFACE, _DARK_LINE, _DARK_INK, _DARK_MUTED = "#16161d", "#202026", "#3a3942", "#eceae6", "#aaa8b4"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the words.

    Attributes:
        language: of the words; the reading direction follows from it.
        home_url, logo_url: of the company's pages; empty where nobody said under which host they are.
        footer: why this mail comes, the postal address.
        stop: what the link says by which mails are stopped, and its address; nothing for none.
    """

    brand: Brand
    language: str
    home_url: str = ""
    logo_url: str = ""
    footer: tuple[str, ...] = ()
    stop: tuple[str, str] = ("", "")


def as_text(words: Words, frame: Frame) -> str:
    """Return a mail as plain text, in lines that every reader shows whole."""
    blocks = [frame.brand.name, words.title, *words.paragraphs]
    if words.figures:
        blocks.append("\n".join([f"{words.label}:", *words.figures] if words.label else words.figures))
    if words.button[1]:
        blocks.append(f"{words.button[0]}:\n{words.button[1]}")
    foot = [*filter(None, [words.note]), *frame.footer]
    if frame.stop[1]:
        foot.append(f"{frame.stop[0]}:\n{frame.stop[1]}")
    return "\n\n".join([*map(_wrapped, blocks), "-- ", *map(_wrapped, foot)]) + "\n"


def as_html(words: Words, frame: Frame) -> str:
    """Return a mail as HTML."""
    light, dark = light_shades(frame.brand.colour), dark_shades(frame.brand.colour)
    source = f"""<mjml lang="{frame.language}" dir="auto">
<mj-head>
<mj-title>{escape(words.subject)}</mj-title>
<mj-preview>{escape(_preview(words))}</mj-preview>
<mj-attributes>
<mj-all font-family="{_TEXT_FONT}" /><mj-column padding="0" />
<mj-text color="{_INK}" font-size="16px" line-height="1.5" padding="0 0 16px" />
</mj-attributes>
<mj-raw><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
</mj-raw>
<mj-style>{_DARK.replace("FILL", dark.fill).replace("INK_ON", dark.on_fill).replace("WASH", dark.wash)}</mj-style>
</mj-head>
<mj-body css-class="paper" background-color="{_PAPER}" width="584px">
<mj-wrapper padding="0 12px">
<mj-section padding="28px 4px 14px"><mj-column>{_head(frame)}</mj-column></mj-section>
<mj-section css-class="card" background-color="{_SURFACE}" border="1px solid {_LINE}" border-radius="10px"
 padding="28px 24px 12px"><mj-column>{_body(words, light.fill, light.on_fill, light.wash)}</mj-column></mj-section>
<mj-section padding="20px 4px 40px"><mj-column>{_foot(frame)}</mj-column></mj-section>
</mj-wrapper>
</mj-body>
</mjml>"""
    return str(mjml.mjml2html(source, disable_comments=True))


def _wrapped(block: str) -> str:
    """A block in short lines; addresses stay whole."""
    lines = block.split("\n")
    return "\n".join(fill(line, _TEXT_WIDTH, break_long_words=False, break_on_hyphens=False) for line in lines)


def _preview(words: Words) -> str:
    return " ".join([*words.paragraphs[:1], *words.figures[:1]])


def _head(frame: Frame) -> str:
    name = escape(frame.brand.name)
    link = f'href="{escape(frame.home_url)}"' if frame.home_url else ""
    if frame.brand.logo_type and frame.logo_url:
        source = escape(frame.logo_url)
        return f'<mj-image src="{source}" alt="{name}" height="40px" width="160px" align="left" padding="0" {link} />'
    return f'<mj-text css-class="ink" font-size="16px" font-weight="600" padding="0">{name}</mj-text>'


def _body(words: Words, fill_colour: str, on_fill: str, wash: str) -> str:
    title = f'<h1 style="margin:0;font-size:26px;font-weight:500;line-height:1.2">{escape(words.title)}</h1>'
    parts = [
        f'<mj-text css-class="ink" font-family="{_TITLE_FONT}">{title}</mj-text>',
        *(f'<mj-text css-class="ink">{_lines(each)}</mj-text>' for each in words.paragraphs),
    ]
    if words.figures:
        parts.append(_figures(words, wash))
    if words.button[1]:
        label, url = map(escape, words.button)
        parts.append(
            f'<mj-button css-class="button" href="{url}" align="left" background-color="{fill_colour}" '
            f'color="{on_fill}" border-radius="10px" font-size="16px" font-weight="600" inner-padding="13px 22px" '
            f'padding="4px 0 20px">{label}</mj-button>'
        )
    if words.note:
        parts.append(f'<mj-text css-class="muted" color="{_MUTED}" font-size="14px">{_lines(words.note)}</mj-text>')
    return "".join(parts)


def _figures(words: Words, wash: str) -> str:
    """What stands out, as a box: the first large, what follows as codes to copy."""
    first, *codes = words.figures
    is_code = not codes and " " not in first
    is_short = len(first) <= _SHORT and max(map(len, first.split())) <= _SHORT_WORD
    shown = [_figure(first, _CODE_FONT if is_code else _TITLE_FONT, 26 if is_short else 18)]
    shown += [_figure(code, _CODE_FONT, 20) for code in codes]
    label = f'<p class="muted" style="margin:0 0 6px;font-size:12px;color:{_MUTED}">{escape(words.label)}</p>'
    box = (
        f'<tr><td class="wash" style="background:{wash};border-radius:10px;padding:16px 18px">'
        f"{label if words.label else ''}{''.join(shown)}</td></tr>"
    )
    return f'<mj-table css-class="box" padding="0 0 20px" cellpadding="0">{box}</mj-table>'


def _figure(text: str, font: str, size: int) -> str:
    breaks = "word-break:break-word;hyphens:auto"
    style = f"margin:0 0 4px;font-family:{font};font-size:{size}px;line-height:1.3;color:{_INK};{breaks}"
    return f'<p class="ink" style="{style}">{escape(text)}</p>'


def _foot(frame: Frame) -> str:
    lines = [_lines(each) for each in frame.footer]
    if frame.stop[1]:
        label, url = map(escape, frame.stop)
        lines.append(f'<a class="muted" href="{url}" style="color:{_MUTED}">{label}</a>')
    said = "<br /><br />".join(lines)
    return f'<mj-text css-class="muted" color="{_MUTED}" font-size="13px" padding="0">{said}</mj-text>' if lines else ""


def _lines(text: str) -> str:
    return "<br />".join(escape(text).split("\n"))


_DARK = f"""
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
@media (prefers-color-scheme: dark) {{
body, .paper {{ background: {_DARK_PAPER} !important; }}
.card, .card > table {{ background: {_DARK_SURFACE} !important; }}
.card > table > tbody > tr > td {{ border-color: {_DARK_LINE} !important; }}
.ink, .ink div, .ink h1 {{ color: {_DARK_INK} !important; }}
.muted, .muted div, .muted a {{ color: {_DARK_MUTED} !important; }}
.wash {{ background: WASH !important; }}
.button td, .button a {{ background: FILL !important; color: INK_ON !important; }}
}}
"""
