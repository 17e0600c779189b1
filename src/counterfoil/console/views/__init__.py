"""The console's pages: find through the operator's platform, call one operation, answer."""
