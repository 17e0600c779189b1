"""Payment intents, charges, transfers and application fees."""
