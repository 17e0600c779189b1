"""What every package may use: money, ids, refusals, clocks, keyset pages, plain SQL."""
