"""Test mode's card network and bank: deterministic, driven by published test values."""
