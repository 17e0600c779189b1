"""The seller's pages: what they read, how it is worded and drawn, and the views that serve it."""
