"""Reads of the console: plain SQL, always within one platform and mode."""
