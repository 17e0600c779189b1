"""Jobs, written in the transaction that wants them and done by a worker (design §1)."""
