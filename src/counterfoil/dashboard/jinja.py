"""The Jinja2 environment of our pages. Settings name `environment` (TEMPLATES, OPTIONS)."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from counterfoil.dashboard.brand import brand_key
from counterfoil.kit.addresses_below import prefix
from counterfoil.kit.money import Money
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext, text_direction
from counterfoil.wording.money_text import money, money_text


def export_address(kind: str, asked: str = "") -> str:
    """Where a list is exported: `asked` is the query string that shows it."""
    return f"{url('new-export')}?of={kind}{'&' if asked else ''}{asked}"


def environment(**options: Any) -> Environment:
    """Strict: a template that names a variable nobody gave is a mistake, and says so."""
    options.update(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", Flush],
    )
    env = Environment(**options)  # noqa: S701 - Django's backend passes autoescape=True
    env.install_gettext_callables(  # type: ignore[attr-defined] # added by the extension
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals.update(
        static=static_file,
        url=url,
        export_address=export_address,
        brand_stylesheet=brand_stylesheet,
        text_direction=text_direction,
    )
    env.filters.update(
        money=money_filter,
        signed_money=signed_money_filter,
        money_text=money_text_filter,
        day=dates.short_day,
        long_day=dates.long_day,
        moment=moment_filter,
        isodate=date.isoformat,
        placed=placed,
    )
    return env


class Flush(Extension):
    """Indentation is for whoever reads a template; nobody reads it in an answer.

    A fifth of a page's bytes. Only the beginnings of a template's own lines are touched, never a
    value, and no template keeps literal text in a `<pre>` or `<textarea>`.
    """

    def preprocess(
        self,
        source: str,
        name: str | None,  # noqa: ARG002 - Jinja's signature
        filename: str | None = None,  # noqa: ARG002 - Jinja's signature
    ) -> str:
        return re.sub(r"^[ \t]+", "", source, flags=re.MULTILINE)


# A page names a dozen addresses, and Django takes 10 µs for each. None of them changes while we
# run; the sizes only bound what the ids in them may take.
def url(name: str, *args: object, **kwargs: object) -> str:
    """The path of a named page; below the console's while an operator looks (`seeing.py`)."""
    return _url(prefix.get(), name, *args, **kwargs)


@lru_cache(maxsize=1024)
def _url(_prefix: str, name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args, kwargs=kwargs)  # which knows the prefix by itself


@lru_cache(maxsize=256)
def static_file(name: str) -> str:
    """Where a static file is, by the name it has in the sources."""
    return static(name)


def placed(path: str) -> str:
    """An address of ours that was written down as it is: below the console's while one looks."""
    above = prefix.get()
    return path if not above or path.startswith(above) else above + path.removeprefix("/")


def brand_stylesheet(color: str | None) -> str:
    """Where the platform's two colour numbers are; the address may be kept for ever."""
    return url("brand-stylesheet", brand_key(color))


def money_filter(value: Money | tuple[int, str] | int, currency: str | None = None) -> Markup:
    """`{{ payout.amount | money }}`, `{{ 4218 | money("usd") }}`, `{{ (4218, "usd") | money }}`."""
    return money(*_amount(value, currency))


def signed_money_filter(
    value: Money | tuple[int, str] | int, currency: str | None = None
) -> Markup:
    """The same, with a plus before what comes in."""
    return money(*_amount(value, currency), signed=True)


def money_text_filter(value: Money | tuple[int, str] | int, currency: str | None = None) -> str:
    """The same without markup, for attributes."""
    return money_text(*_amount(value, currency))


def moment_filter(moment: int) -> str:
    """UTC seconds as a short day and a time of the active zone."""
    return f"{dates.short_day(dates.local(moment).date())} {dates.clock_time(moment)}"


def _amount(value: Money | tuple[int, str] | int, currency: str | None) -> tuple[int, str]:
    if isinstance(value, Money):
        return value.amount, value.currency
    if isinstance(value, tuple):
        return value
    assert currency is not None, "an amount without its currency cannot be shown"
    return value, currency
