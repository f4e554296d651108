"""Who waits for a product, and who is told when it is back."""
