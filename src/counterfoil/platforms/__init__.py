"""The marketplace: its keys, its clock, its brand, its fees."""
