"""A platform's colour, as the two numbers our tokens take from it: hue and chroma.

Lightness stays ours (look, "Colour"), so no brand can make a page unreadable.
"""

from __future__ import annotations

import hashlib
import math
import re
from functools import lru_cache
from typing import Final

DEFAULT_COLOR: Final = "#2f5d9b"
# Beyond this, accents leave what an sRGB screen can show and browsers change their lightness.
MAXIMUM_CHROMA: Final = 0.16
# Below this a colour is a grey, whose hue is an accident of rounding.
GREY: Final = 0.02

_HEX: Final = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


def brand_css(color: str | None) -> str:
    """The whole stylesheet of a platform: two custom properties, and no colour of its own."""
    _, chroma, hue = oklch(normal_color(color))
    if chroma < GREY:
        hue = oklch(DEFAULT_COLOR)[2]
    return f"@layer tokens{{:root{{--hue:{hue:.1f};--chroma:{min(chroma, MAXIMUM_CHROMA):.4f}}}}}\n"


@lru_cache(maxsize=1024)
def brand_key(color: str | None) -> str:
    """What names that stylesheet in its address: the colour, and a digest of the text.

    The address changes with the text, so the answer may be kept for ever.
    """
    digest = hashlib.sha256(brand_css(color).encode()).hexdigest()[:8]
    return f"{normal_color(color)[1:]}-{digest}"


def normal_color(color: str | None) -> str:
    """`#rrggbb`, lower case; ours when the platform's is absent or is no colour."""
    match = _HEX.fullmatch((color or "").strip())
    if match is None:
        return DEFAULT_COLOR
    digits = match[1].lower()
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}"


def oklch(color: str) -> tuple[float, float, float]:
    """Lightness (0–1), chroma and hue (degrees) of `#rrggbb`.

    The matrices are those of Björn Ottosson, "A perceptual color space for image processing"
    (2020), which CSS Color 4 §9.2 takes over.
    """
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))

    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)

    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    chroma = math.hypot(a, b)
    return lightness, chroma, math.degrees(math.atan2(b, a)) % 360


def _linear(channel: float) -> float:
    """Undo sRGB's transfer curve (IEC 61966-2-1)."""
    if channel <= 0.04045:
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)
