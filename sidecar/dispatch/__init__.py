"""From the outbox to the provider: claiming, sending, routes, and what is asked afterwards."""
