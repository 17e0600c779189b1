"""What can be done to payouts, one verb a file."""
