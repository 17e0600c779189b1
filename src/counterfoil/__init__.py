"""Counterfoil: the Express Dashboard that a platform hosts itself."""

__version__ = "0.1.0"
