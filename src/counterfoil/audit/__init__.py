"""The audit log: who changed money or access, when, from where; append-only and sealed.

An edge says who is acting, once around a request (`acting.set(Acting("seller", …))`, as
`signed_in` and `/v1` do). An operation then calls `record("session.ended", scope=…,
object_id=…)` inside its own transaction, with `before` and `after` where a value changed, never
with a secret in them; so the record is there exactly when the change is. Operations on the
platform's clock, which schedules run as well, call `record_decision(…)`: it writes when somebody
asked, and nothing when the clock did, because what the clock moves stands in the books, sealed
the same way. A worker seals and `check` verifies. Every action has its name in `actions.py`.
"""
