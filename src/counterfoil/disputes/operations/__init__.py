"""What is done to disputes: opened, answered, decided, moved on by the clock."""
