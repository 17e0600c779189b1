"""One request to somebody else's server, which may be slow, lie, or stand where it should not."""
