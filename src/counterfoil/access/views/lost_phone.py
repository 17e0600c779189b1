"""`/express/{account}/{token}/phone`: the number on file is lost. One address, step after step."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from counterfoil.access.addresses import NoCountry, NotAnAddress, countries_of
from counterfoil.access.codes import LinkUsed
from counterfoil.access.limits import TooManySends
from counterfoil.access.lost_phone import (
    NoMailbox,
    Replacing,
    SameNumber,
    begin_replacing,
    finish_replacing,
    name_number,
    prove_mailbox,
    replacing_of,
    send_another,
)
from counterfoil.access.onetime import CodeSpent, NotACode, WrongCode
from counterfoil.access.origin import client_address
from counterfoil.access.policy import masked
from counterfoil.access.queries import Entry, entry_of
from counterfoil.access.views.entry import closed_page, entry_page, let_in, our_host, wrong_code
from counterfoil.access.views.handing_over import hand_over
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.kit import clock


@require_http_methods(["GET", "HEAD", "POST"])
@kept_private
def lost_phone(request: HttpRequest, account_id: str, token: str) -> HttpResponse:
    """Whoever has begun goes on although the link's own minutes are over meanwhile."""
    now_wall = clock.wall_now()
    entry = entry_of(account_id, token)
    if entry is None:
        return render_entry(request, "access/no_link.html", {}, status=404)
    replacing = replacing_of(entry, request.COOKIES.get(_cookie_name(), ""), now_wall=now_wall)
    state = entry.state(now_wall)
    if state == "used" or (state != "open" and replacing is None):
        return closed_page(request, entry, now_wall)
    if (handed_over := hand_over(request, entry)) is not None:
        return handed_over
    return _Step(request, entry, replacing, now_wall).answer()


class _Step:
    """One request at the step that the browser has come to."""

    def __init__(
        self, request: HttpRequest, entry: Entry, replacing: Replacing | None, now_wall: int
    ) -> None:
        self.request, self.entry, self.replacing = request, entry, replacing
        self.now_wall = now_wall
        self.client = client_address(request)

    @property
    def name(self) -> str:
        if self.replacing is None:
            return "begin"
        if self.replacing.proven_at is None:
            return "mailbox"
        return "number" if self.replacing.phone is None else "proof"

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            return self._page()
        try:
            return self._posted()
        except TooManySends as refusal:
            return self._page(wait=refusal.retry_at)
        except NotACode:
            error = _("The code has six digits.")
        except WrongCode as refusal:
            error = wrong_code(refusal.tries_left)
        except CodeSpent:
            error = _("This code no longer works. Send a new one.")
        except NotAnAddress:
            error = _("That is not a phone number.")
        except NoCountry:
            error = _("Begin the number with + and its country code, such as +49 or +1.")
        except SameNumber:
            error = _("That is the number on file. Type the one you have now.")
        except NoMailbox:
            error = ""
        except LinkUsed:
            return closed_page(self.request, self.entry, self.now_wall, state="used")
        return self._page(error=error, status=422)

    def _posted(self) -> HttpResponse:
        form, again = self.request.POST, HttpResponseRedirect(self.request.path, status=303)
        if self.replacing is None:
            if "begin" in form:
                ticket = begin_replacing(self.entry, client=self.client, now_wall=self.now_wall)
                _put_cookie(again, ticket, max_age=settings.LIFETIMES.lost_phone)
            return again
        if "again" in form:
            send_another(
                self.entry,
                self.replacing,
                host=our_host(),
                client=self.client,
                now_wall=self.now_wall,
            )
            return again
        if "phone" in form and self.replacing.proven_at is not None:
            self._name_number(form["phone"][:100])
            return again
        if "code" not in form or self.name == "number":
            return again
        if self.name == "mailbox":
            prove_mailbox(self.entry, self.replacing, form["code"], now_wall=self.now_wall)
            return again
        return self._finish(form["code"])

    def _name_number(self, typed: str) -> None:
        assert self.replacing is not None
        name_number(
            self.entry,
            self.replacing,
            typed,
            countries=countries_of(self.request.headers.get("Accept-Language", "")),
            host=our_host(),
            client=self.client,
            now_wall=self.now_wall,
        )

    def _finish(self, typed: str) -> HttpResponse:
        assert self.replacing is not None
        token = finish_replacing(
            self.entry,
            self.replacing,
            typed,
            ip=self.client,
            user_agent=self.request.headers.get("User-Agent"),
            now_wall=self.now_wall,
        )
        messages.success(
            self.request,
            _("Codes go to %(number)s from now on.")
            % {"number": masked("sms", self.replacing.phone or "")},
        )
        response = let_in(self.request, token)
        _put_cookie(response, "", max_age=0)
        return response

    def _page(self, *, error: str = "", wait: int | None = None, status: int = 200) -> HttpResponse:
        replacing = self.replacing
        waits_for_code = self.name in ("mailbox", "proof")
        if replacing and waits_for_code and not error and not replacing.has_code(self.now_wall):
            error = _("This code no longer works. Send a new one.")
        destination = replacing.destination if replacing else self.entry.email
        channel = replacing.channel if replacing else "email"
        down = replacing is not None and replacing.down_since is not None and self.entry.livemode
        context: dict[str, Any] = {
            "step": self.name,
            "destination": masked(channel, destination) if destination else None,
            "typed": self.request.POST.get("phone", "")[:100] if status == 422 else "",
            "error": error,
            "minutes": settings.LIFETIMES.code // 60,
            "down": channel if down and waits_for_code else None,
            "others": {},
            "link": self.request.path.removesuffix("/phone"),
        }
        return entry_page(
            self.request,
            "access/lost_phone.html",
            self.entry,
            context,
            retry_at=wait,
            now_wall=self.now_wall,
            status=status,
        )


def _cookie_name() -> str:
    return "__Host-lostphone" if settings.TLS else "lostphone"


def _put_cookie(response: HttpResponse, token: str, *, max_age: int) -> None:
    response.set_cookie(
        _cookie_name(),
        token,
        max_age=max_age,
        path="/",
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )
