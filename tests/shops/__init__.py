"""Real shops, laid from folders that are not ours, and driven as people do."""
