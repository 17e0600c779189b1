from __future__ import annotations

import re

import pytest

from counterfoil.dashboard.brand import DEFAULT_COLOR, brand_css, brand_key, normal_color, oklch


@pytest.mark.parametrize(
    ("color", "lightness", "chroma", "hue"),
    [  # as CSS Color 4 gives them for the named colours
        ("#ff0000", 0.628, 0.258, 29.2),
        ("#00ff00", 0.866, 0.295, 142.5),
        ("#0000ff", 0.452, 0.313, 264.1),
        ("#ffa500", 0.793, 0.171, 70.7),
    ],
)
def test_a_colour_becomes_lightness_chroma_and_hue(color, lightness, chroma, hue):
    assert oklch(color) == (
        pytest.approx(lightness, abs=0.001),
        pytest.approx(chroma, abs=0.001),
        pytest.approx(hue, abs=0.1),
    )


def test_a_grey_has_next_to_no_chroma():
    assert oklch("#808080")[1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("color", [None, "", "red", "#12", "#12345g", "javascript:alert(1)"])
def test_what_is_no_colour_becomes_ours(color):
    assert normal_color(color) == DEFAULT_COLOR


def test_short_and_long_spellings_are_one_colour():
    assert normal_color("#FA0") == normal_color("ffaa00") == "#ffaa00"


def test_a_brand_sets_hue_and_chroma_and_nothing_else():
    pattern = r"@layer tokens\{:root\{--hue:159\.\d;--chroma:0\.084\d\}\}\n"

    assert re.fullmatch(pattern, brand_css("#2f6f4f"))


def test_a_screaming_colour_is_calmed():
    assert "--chroma:0.1600" in brand_css("#ff0000")


def test_a_grey_brand_keeps_the_greys_of_our_ink():
    ours = f"--hue:{oklch(DEFAULT_COLOR)[2]:.1f}"

    assert ours in brand_css("#111111")
    assert "--chroma:0.0000" in brand_css("#111111")


def test_the_stylesheet_may_be_kept_for_ever(client):
    answer = client.get(f"/brand/{brand_key('#2f6f4f')}.css")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    assert answer.content.decode() == brand_css("#2f6f4f")


@pytest.mark.parametrize("key", ["2f6f4f", "2f6f4f-00000000", "zzzzzz-00000000", "-"])
def test_an_address_that_we_would_not_write_does_not_exist(client, key):
    assert client.get(f"/brand/{key}.css").status_code == 404
