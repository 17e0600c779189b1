"""A page without its application: the same template, its values ready beforehand.

Rendering is work that the floor of a page has to do too (design §6: the same bytes), but only
that: what the template is given is recorded, and whatever it calls (amounts in words, addresses
of pages and files) answers from a table of what it answered before.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import msgspec
from django.apps import apps
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest
from jinja2 import Environment, FileSystemLoader, Template
from jinja2.defaults import DEFAULT_FILTERS, DEFAULT_NAMESPACE
from markupsafe import Markup

from counterfoil.dashboard.jinja import environment

Arguments = tuple[tuple[Any, ...], tuple[tuple[str, Any], ...]]
_GETTEXT = frozenset({"_", "gettext", "ngettext", "pgettext", "npgettext"})


class Page(msgspec.Struct):
    """A rendering, to be done again. `called` holds what each of our functions answered."""

    folder: Path
    template: str = ""
    context: dict[str, Any] = msgspec.field(default_factory=dict)
    filters: dict[str, dict[Arguments, Any]] = msgspec.field(default_factory=dict)
    functions: dict[str, dict[Arguments, Any]] = msgspec.field(default_factory=dict)


class Asked(msgspec.Struct):
    """What templates ask of a request."""

    full_path: str

    def get_full_path(self) -> str:
        return self.full_path


def renderer(page: Page) -> Callable[[], bytes]:
    """What makes the page's bytes, with Jinja2 and nothing else."""
    env = environment(loader=FileSystemLoader(page.folder), autoescape=True, auto_reload=False)
    _ask_nobody(env)
    for name, answers in page.filters.items():
        env.filters[name] = _from_table(answers)
    for name, answers in page.functions.items():
        env.globals[name] = _from_table(answers)
    template = env.get_template(page.template)
    context = page.context

    def render() -> bytes:
        return template.render(context).encode()

    return render


@contextmanager
def recorded_page(env: Environment) -> Iterator[Page]:
    """Watch `env`, the application's own, render one page."""
    page = Page(folder=Path(env.loader.searchpath[0]))  # type: ignore[union-attr] # a FileSystemLoader
    filters, functions, render = env.filters.copy(), env.globals.copy(), Template.render
    for name in _ours(filters, DEFAULT_FILTERS):
        env.filters[name] = _watched(filters[name], page.filters.setdefault(name, {}))
    for name in _ours(functions, DEFAULT_NAMESPACE):
        function = functions[name]
        if name not in _GETTEXT and callable(function):
            env.globals[name] = _watched(function, page.functions.setdefault(name, {}))

    def watched_render(template: Template, context: dict[str, Any]) -> str:
        assert template.name is not None
        page.template = template.name
        page.context = {name: _ready(name, value) for name, value in context.items()}
        return render(template, context)

    _forget_templates(env)
    Template.render = watched_render  # type: ignore[method-assign,assignment] # put back below
    try:
        yield page
    finally:
        Template.render = render  # type: ignore[method-assign]
        env.filters.update(filters)
        env.globals.update(functions)
        _forget_templates(env)


def save(recorded: Mapping[str, Page], path: Path) -> None:
    """The pages by their address."""
    path.write_bytes(pickle.dumps(dict(recorded)))


def load(path: Path) -> dict[str, Page]:
    if not apps.ready:  # modules of values may know models, which wait for Django
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counterfoil.config.settings")
        django.setup()
    found = pickle.loads(path.read_bytes())  # noqa: S301 - this run has just written it
    assert isinstance(found, dict)
    return found


def _ready(name: str, value: Any) -> Any:
    """What Django would make or look up when the template asks."""
    if isinstance(value, HttpRequest):
        return Asked(value.get_full_path())
    if isinstance(value, BaseStorage):
        assert not len(value), "a page is measured without notices"
        return []
    if name.startswith("csrf_"):
        return Markup(value)  # noqa: S704 - the token and its input come from Django
    return value


def _ours(known: Any, defaults: Any) -> list[str]:
    return [name for name, value in known.items() if callable(value) and name not in defaults]


def _watched(function: Callable[..., Any], answers: dict[Arguments, Any]) -> Callable[..., Any]:
    assert not hasattr(function, "jinja_pass_arg"), f"{function} depends on more than arguments"

    def watched(*args: Any, **kwargs: Any) -> Any:
        answer = function(*args, **kwargs)
        answers[args, tuple(sorted(kwargs.items()))] = answer
        return answer

    return watched


def _from_table(answers: dict[Arguments, Any]) -> Callable[..., Any]:
    def known(*args: Any, **kwargs: Any) -> Any:
        return answers[args, tuple(sorted(kwargs.items()))]

    return known


def _ask_nobody(env: Environment) -> None:
    """English is the language of the templates themselves."""
    env.install_gettext_callables(  # type: ignore[attr-defined] # added by the extension
        lambda text: text,
        lambda one, many, count: one if count == 1 else many,
        newstyle=True,
        pgettext=lambda _context, text: text,
        npgettext=lambda _context, one, many, count: one if count == 1 else many,
    )


def _forget_templates(env: Environment) -> None:
    # Macros of a loaded template keep the functions that they were loaded with.
    if env.cache is not None:
        env.cache.clear()
