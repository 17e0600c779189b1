"""The pages before one is in, and those that only developers see."""
