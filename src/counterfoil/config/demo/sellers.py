"""The demo's cast. The first eight are chosen with care; any number of others follow."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from counterfoil.config.demo.seller import Flow, Good, Seller

SEED: Final = "ambleroot"

CAST: Final = (
    Seller(
        key="wren-and-alder",
        name="Wren & Alder Ceramics",
        first_name="Maren",
        last_name="Alder",
        company=True,
        product="Stoneware for the table, thrown and glazed by hand.",
        weight=3.4,
        flows={Flow.DESTINATION_FEE: 1.0},
        fee_basis_points=1000,
        goods=(
            Good("Stoneware mug", 2400, 3600),
            Good("Serving bowl", 5200, 9800),
            Good("Set of four plates", 11_200, 14_800),
            Good("Bud vase", 1800, 2800),
        ),
        postage=795,
    ),
    Seller(
        key="amara-okafor",
        name="Amara Okafor",
        first_name="Amara",
        last_name="Okafor",
        timezone="America/Chicago",
        mcc="8299",
        product="One-to-one lessons in mathematics and physics.",
        joined_days_ago=262,
        weight=2.6,
        flows={Flow.DESTINATION_SHARE: 1.0},
        fee_basis_points=1200,
        goods=(
            Good("Algebra lesson", 4500, 6000, 500),
            Good("Physics lesson", 5500, 7000, 500),
            Good("Exam preparation", 9000, 12_000, 500),
        ),
        order_word="Lesson",
        rhythm="lessons",
        season="exams",
        schedule={"interval": "weekly", "weekly_anchor": "friday"},
    ),
    Seller(
        key="halcyon-lane",
        name="Halcyon Lane Photography",
        first_name="Imogen",
        last_name="Thackeray",
        company=True,
        country="GB",
        currency="gbp",
        timezone="Europe/London",
        mcc="7221",
        product="Portraits and weddings on film.",
        joined_days_ago=251,
        weight=1.5,
        flows={Flow.ON_BEHALF_OF: 1.0},
        goods=(
            Good("Portrait session", 9500, 16_500, 500),
            Good("Wedding deposit", 20_000, 45_000, 2500),
            Good("Fine art print", 3500, 8000, 250),
        ),
        order_word="Booking",
        rhythm="daytime",
        season="weddings",
    ),
    Seller(
        key="lindenhof",
        name="Buchbinderei Lindenhof",
        first_name="Jonas",
        last_name="Weidner",
        country="DE",
        currency="eur",
        timezone="Europe/Berlin",
        mcc="2741",
        product="Notebooks and boxes, sewn and bound by hand.",
        joined_days_ago=238,
        weight=1.8,
        flows={Flow.DIRECT: 1.0},
        fee_basis_points=800,
        goods=(
            Good("Linen notebook", 2200, 3400, 50),
            Good("Guest book", 6400, 11_800),
            Good("Archive box", 3800, 5200),
        ),
        postage=490,
        order_word="Bestellung",
        schedule={"interval": "monthly", "monthly_anchor": 1},
    ),
    Seller(
        key="juniper-ridge",
        name="Juniper Ridge Trail Guides",
        first_name="Caleb",
        last_name="Nez",
        company=True,
        timezone="America/Denver",
        mcc="7999",
        product="Guided day walks in the high desert.",
        joined_days_ago=224,
        weight=1.9,
        flows={Flow.DIRECT: 1.0},
        platform_pays_processing=True,
        fee_basis_points=1200,
        goods=(
            Good("Sunrise walk", 6500, 8500, 500),
            Good("Full-day canyon walk", 14_500, 19_500, 500),
            Good("Private guide", 21_000, 26_000, 1000),
        ),
        order_word="Booking",
        rhythm="daytime",
        season="summer",
        schedule={"interval": "manual"},
    ),
    Seller(
        key="boatbuilders",
        name=(
            "The Greater Passamaquoddy Bay Cooperative of Independent Boatbuilders, Sailmakers,"
            " Riggers and Marine Upholsterers"
        ),
        first_name="Tomás",
        last_name="Guimarães-Lindqvist",
        company=True,
        timezone="America/Los_Angeles",
        mcc="5551",
        product="Repairs, sails and cushions for small boats.",
        joined_days_ago=205,
        weight=1.3,
        flows={Flow.OUT_OF_CHARGE: 0.7, Flow.OUT_OF_BALANCE: 0.3},
        fee_basis_points=1400,
        goods=(
            Good("Sail repair", 8500, 24_000, 500),
            Good("Deck cushion", 12_000, 18_000, 500),
            Good("Rigging check", 15_000, 15_000),
        ),
        order_word="Job",
        rhythm="daytime",
        season="summer",
    ),
    Seller(
        key="nia-adeyemi",
        name="Nia Adeyemi",
        first_name="Nia",
        last_name="Adeyemi",
        timezone="Pacific/Honolulu",
        mcc="5947",
        product="Block-printed scarves.",
        state="new",
        joined_days_ago=1,
    ),
    Seller(
        key="kiln-street",
        name="Kiln Street Letterpress",
        first_name="Rosa",
        last_name="Marchetti",
        product="Cards and posters.",
        state="unfinished",
        joined_days_ago=3,
    ),
)

_TRADES: Final = (
    # What follows the name · mcc · what is sold · how customers come
    ("Woodworks", "5712", (Good("Cutting board", 4800, 8800), Good("Stool", 14_000, 22_000, 500))),
    ("Textiles", "5949", (Good("Wool throw", 9800, 16_800), Good("Tea towel", 1600, 2400))),
    ("Guitar Lessons", "8299", (Good("Guitar lesson", 4000, 6000, 500),)),
    ("Candles", "5947", (Good("Beeswax candle", 1800, 3200), Good("Gift set", 4200, 6400))),
    ("Garden Design", "0780", (Good("Garden visit", 9000, 14_000, 500),)),
    ("Bakery", "5462", (Good("Celebration cake", 5800, 12_800), Good("Bread box", 2400, 3600))),
    ("Silver", "5944", (Good("Silver ring", 6800, 14_800), Good("Pendant", 8800, 18_800))),
)
_PLACES: Final = (
    ("US", "usd", "America/New_York"),
    ("US", "usd", "America/Chicago"),
    ("GB", "gbp", "Europe/London"),
    ("US", "usd", "America/Phoenix"),
    ("DE", "eur", "Europe/Berlin"),
    ("US", "usd", "America/Anchorage"),
)
FIRST_NAMES: Final = (
    "Ada Bela Chidi Dagny Elif Farid Greta Hana Ines Jun Kofi Lena Mateo Noor Olga Priya Quinn"
    " Ravi Saoirse Tariq Uma Vito Wanda Ximena Yara Zeno"
).split()
LAST_NAMES: Final = (
    "Abara Brandt Castellanos Dunmore Eriksen Fontaine Grabowski Hollis Ibarra Jansen Kowalczyk"
    " Lindgren Moreau Nakata Osei Petrova Quintero Rasmussen Sato Tanaka Ueda Varga Whitlock"
    " Xanthos Yilmaz Zeman"
).split()


def cast(accounts: int) -> Sequence[Seller]:
    """The first `accounts` sellers; the same ones whenever it is asked."""
    return [CAST[index] if index < len(CAST) else _further(index) for index in range(accounts)]


def _further(index: int) -> Seller:
    chance = random.Random(f"{SEED}:seller:{index}")  # noqa: S311 - a repeatable demo
    trade, mcc, goods = _TRADES[index % len(_TRADES)]
    country, currency, timezone = _PLACES[index % len(_PLACES)]
    flow = list(Flow)[index % len(Flow)]
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    return Seller(
        key=f"seller-{index + 1}",
        name=f"{first} {last} {trade}",
        first_name=first,
        last_name=last,
        company=index % 3 == 0,
        country=country,
        currency=currency,
        timezone=timezone,
        mcc=mcc,
        product=f"{trade} by {first} {last}.",
        joined_days_ago=chance.randrange(30, 271),
        weight=chance.uniform(0.4, 1.4),
        flows={flow: 1.0},
        fee_basis_points=chance.choice((800, 900, 1000, 1200)),
        goods=goods,
    )
