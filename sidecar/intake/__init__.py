"""From the inbox to the outbox: what is reported becomes events, decisions and messages."""
