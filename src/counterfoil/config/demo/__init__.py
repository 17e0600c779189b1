"""A lively, believable platform to look at and develop against. `making.make_demo` makes it."""
