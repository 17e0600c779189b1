"""How amounts, days and languages are written for a person; no page and no table knows it."""
