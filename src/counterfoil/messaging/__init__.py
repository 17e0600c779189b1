"""Mail and SMS: what we say and how it leaves."""
