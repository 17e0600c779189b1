"""What happened, in order, as the API will show it."""
