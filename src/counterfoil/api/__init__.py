"""The Stripe-compatible `/v1` (reference api.md §1): the edge between HTTP and the operations.

How a request goes: `edge.py` finds the endpoint, asks `auth.py` who calls, lets `forms.py` and
`decode.py` turn the form into typed parameters, runs the endpoint's function and encodes what
it returns. A POST or DELETE runs in one transaction that also stores the answer under its
idempotency key. Whatever is `Refused` on the way becomes Stripe's envelope in `errors.py`.

To add an endpoint, write a function in a module of `resources/` and name that module in
`resources/__init__.py`; nothing else has to know it:

    @endpoint("POST", "charges/<id>", params=UpdateCharge)
    def update(call: Call, ident: str, params: UpdateCharge) -> ChargeWire: ...

    @endpoint("GET", "charges", params=ListCharges)
    def listed(call: Call, params: ListCharges) -> ListObject[ChargeWire]: ...

- Names in `<…>` arrive as arguments, in order; then `params`, if the endpoint takes any.
  Parameters that no field names are refused, so is any parameter where there are none.
- `params` is a msgspec struct. `Literal[""]` in a field's type, or UNSET as the default of a
  text, says that "" unsets the value; everywhere else an empty value is refused.
- `expand` is taken off before the parameters are read, and applied to what the function
  returns. The return annotation must say the struct (or `ListObject[struct]`, or a union of
  structs): paths are checked against it before anything runs. A struct declares
  `EXPANDABLE: ClassVar[dict[str, str]]`, field to loader; `@loader` in `expand.py` makes one.
- Lists subclass `ListParams` and use `page_request` and `list_object` of `lists.py`.
- A refusal that says `ResourceMissing` is a 404 when it is about an id of the path, a 400 when
  `param` names a parameter.
- The function may open `unit_of_work()` or not: it already runs in one. `Declined` keeps what
  was written, every other refusal undoes it.
"""
