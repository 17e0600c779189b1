"""No brand can make a page unreadable: every text and its ground, read from the tokens file.

Contrast is WCAG 2.2's (§1.4.3). Browsers bring a colour that a screen cannot show into sRGB in
one of two ways: they clip its channels, or they lower its chroma (CSS Color 4 §13); both are
tried.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from itertools import product
from pathlib import Path

import pytest

from counterfoil import dashboard
from counterfoil.dashboard.brand import MAXIMUM_CHROMA

TOKENS = Path(dashboard.__file__).parent / "static/counterfoil/css/tokens.css"
HUES = range(0, 360, 15)
CHROMAS = (0.0, 0.03, 0.08, 0.12, MAXIMUM_CHROMA)

GROUNDS = ("surface", "raised", "sunken")
TEXT = [
    *product(("ink", "ink-soft", "accent", "accent-strong"), GROUNDS),
    *product(("positive", "caution", "negative"), GROUNDS),
    ("ink", "selected"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
    ("accent", "accent-wash"),
    *((tone, f"{tone}-wash") for tone in ("positive", "caution", "negative")),
    *product(("ink",), ("accent-wash", "positive-wash", "caution-wash", "negative-wash")),
]
# What is drawn and not read: borders of controls, bars, rings (WCAG 1.4.11 asks 3:1).
DRAWN = [("accent", "surface"), ("accent", "raised")]


def tokens() -> dict[str, tuple[str, str]]:
    pattern = r"--([\w-]+): light-dark\((oklch\(.*\)), (oklch\(.*\))\);"
    return {name: (light, dark) for name, light, dark in re.findall(pattern, TOKENS.read_text())}


def srgb(color: str, *, hue: float, chroma: float, lowers_chroma: bool) -> tuple[float, ...]:
    """`oklch(L C H)` as red, green and blue from 0 to 1, linear light."""
    light, saturation, angle = (
        value(part, hue=hue, chroma=chroma) for part in split(color[len("oklch(") : -1])
    )
    channels = linear(light, saturation, angle)
    while lowers_chroma and saturation > 0 and not all(-1e-4 <= c <= 1 + 1e-4 for c in channels):
        saturation -= 0.001
        channels = linear(light, max(saturation, 0), angle)
    return tuple(min(max(channel, 0.0), 1.0) for channel in channels)


def split(channels: str) -> list[str]:
    """At the spaces outside brackets."""
    return re.findall(r"(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+", channels)


def value(text: str, *, hue: float, chroma: float) -> float:
    """A CSS number: a literal, a percentage, `var()`, or a sum inside calc, min or max."""
    text = text.replace("var(--hue)", str(hue)).replace("var(--chroma)", str(chroma))
    text = re.sub(r"([\d.]+)%", lambda match: str(float(match[1]) / 100), text)
    return evaluate(ast.parse(text.replace("calc", ""), mode="eval").body)


def evaluate(node: ast.expr) -> float:
    signs = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.BinOp(left=left, op=sign, right=right):
            return signs[type(sign)](evaluate(left), evaluate(right))
        case ast.Call(func=ast.Name(id="min"), args=args):
            return min(map(evaluate, args))
        case ast.Call(func=ast.Name(id="max"), args=args):
            return max(map(evaluate, args))
    raise AssertionError(f"not understood: {ast.dump(node)}")


def linear(light: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """The inverse of `brand.oklch`, from Ottosson's published matrices."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    def luminance(color: tuple[float, ...]) -> float:
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), color, strict=True))

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def worst(text: str, ground: str, scheme: int) -> float:
    known = tokens()
    return min(
        contrast(
            srgb(known[text][scheme], hue=hue, chroma=chroma, lowers_chroma=lowers),
            srgb(known[ground][scheme], hue=hue, chroma=chroma, lowers_chroma=lowers),
        )
        for hue, chroma, lowers in product(HUES, CHROMAS, (False, True))
    )


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read_on_its_ground_whatever_the_brand(text, ground, scheme):
    assert worst(text, ground, scheme) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), DRAWN)
def test_marks_can_be_seen_on_their_ground(mark, ground, scheme):
    assert worst(mark, ground, scheme) >= 3


def test_every_colour_is_judged_here_or_only_decorates():
    decoration = {"line", "line-strong", "accent-bar", "shadow-color"}
    judged = {name for pair in TEXT for name in pair}

    assert set(tokens()) == judged | decoration


def test_the_measure_knows_black_on_white():
    black, white = (
        srgb(f"oklch({n}% 0 0)", hue=0, chroma=0, lowers_chroma=False) for n in (0, 100)
    )

    assert contrast(black, white) == pytest.approx(21, abs=0.01)
