"""What comes back from providers: receipts, and what customers write."""
