"""`/console/log`: what is on record about the marketplace and its accounts."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from counterfoil.access.audit_words import items_by_day
from counterfoil.access.operators import OperatorRequest
from counterfoil.audit.queries import records_of
from counterfoil.console.finding import account_of, cursor_text, read_cursor, scope_of
from counterfoil.console.queries.account import addresses_of
from counterfoil.console.shell import console_page, render_console
from counterfoil.kit import clock
from counterfoil.kit.pages import PageRequest
from counterfoil.wording import dates

ROWS = 50


@require_safe
@console_page
def log(request: OperatorRequest) -> HttpResponse:
    """`?account=acct_…&before={created}.{id}`: one account's, or what concerns the platform."""
    operator = request.operator
    asked = request.GET.get("account", "")
    account = account_of(operator, asked) if asked else None
    scope = scope_of(account) if account else operator.scope
    cursor = read_cursor(request.GET.get("before", ""))
    found = records_of(scope, PageRequest(limit=ROWS, cursor=cursor))
    staff = {row.actor_id for row in found.rows if row.actor == "operator" and row.actor_id}
    older = found.rows[-1] if found.has_more else None
    context = {
        "account": account,
        "days": items_by_day(
            found.rows,
            session_id="",
            platform=operator.platform_name,
            today=dates.local(clock.wall_now()).date(),
            operators=addresses_of(sorted(staff)),
        ),
        "is_first_page": cursor is None,
        "older": cursor_text(older.created, older.id) if older else None,
    }
    return render_console(request, "console/log.html", context, here="console-log")
