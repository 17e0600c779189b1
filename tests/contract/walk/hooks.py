"""Webhook endpoints: where they are, and that what arrives is ours by the SDK's own judgement."""

from __future__ import annotations

from functools import partial

import stripe

from tests.contract.walk.walker import Walker, keeps_metadata
from tests.support.sink import sink


def walk(walker: Walker) -> None:
    endpoints = walker.v1.webhook_endpoints
    with sink() as heard:
        wanted = {"url": heard.url, "enabled_events": ["charge.succeeded"]}
        details = {"api_version": "2024-06-20", "description": "Sales", "metadata": {"a": "1"}}
        own = endpoints.create({**wanted, **details})
        connect = endpoints.create({**wanted, "connect": True})
        charge = walker.charge()
        order = {"amount": 1000, "currency": "usd", "source": "tok_visa"}
        direct = walker.v1.charges.create(order, walker.on_seller)
        newest = walker.v1.events.list({"type": "charge.succeeded", "limit": 1}).data[0]
        assert newest.pending_webhooks == 1
        walker.work()
        events = {
            secret: [
                stripe.Webhook.construct_event(request.body, request.signature, secret)
                for request in heard.requests
                if _signed(request, secret)
            ]
            for secret in (own.secret, connect.secret)
        }
        assert [one.data.object.id for one in events[own.secret]] == [charge.id]
        assert [one.data.object.id for one in events[connect.secret]] == [direct.id]
        assert events[connect.secret][0].account == walker.seller
        _again(walker, own.id)
    _changes(walker, own.id, connect.id)


def _signed(request: object, secret: str) -> bool:
    try:
        stripe.Webhook.construct_event(request.body, request.signature, secret)
    except stripe.SignatureVerificationError:
        return False
    return True


def _again(walker: Walker, endpoint: str) -> None:
    ours = f"counterfoil/webhook_endpoints/{endpoint}"
    walker.charge()
    walker.work()
    newest, older = _listed(walker, endpoint)
    assert _listed(walker, endpoint, limit=1, starting_after=newest) == [older]
    assert _listed(walker, endpoint, ending_before=older) == [newest]
    event = walker.ours("get", f"counterfoil/webhook_deliveries/{newest}")["event"]
    assert _listed(walker, endpoint, event=event, status="succeeded") == [newest]
    assert walker.ours("post", f"{ours}/replays", event=event)["count"] == 1
    walker.work()
    assert len(walker.ours("get", f"counterfoil/webhook_deliveries/{newest}")["attempts"]) == 2
    span = {"created": {"gte": walker.clock() - 1000}, "delivered_too": True}
    assert walker.ours("post", f"{ours}/replays", **span)["count"] >= 2


def _listed(walker: Walker, endpoint: str, **filters: object) -> list[str]:
    path = f"counterfoil/webhook_endpoints/{endpoint}/deliveries"
    return [str(one["id"]) for one in walker.ours("get", path, **filters)["data"]]


def _changes(walker: Walker, own: str, connect: str) -> None:
    endpoints = walker.v1.webhook_endpoints
    assert endpoints.retrieve(own).url
    keeps_metadata(partial(endpoints.update, own))
    changes = {
        "url": "https://shop.example/hook",
        "enabled_events": ["*"],
        "description": "All",
        "disabled": True,
    }
    assert endpoints.update(own, changes).status == "disabled"
    assert [one.id for one in endpoints.list({"limit": 1}).auto_paging_iter()] == [connect, own]
    assert [one.id for one in endpoints.list({"ending_before": own}).data] == [connect]
    rotated = walker.ours("post", f"counterfoil/webhook_endpoints/{own}/secret", expires_in=60)
    assert rotated["secret"].startswith("whsec_")
    assert endpoints.delete(connect).deleted is True
