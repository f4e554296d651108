"""What became of the messages: receipts applied forward only, and read-only reports."""
