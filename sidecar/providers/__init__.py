"""One file a provider, and an explicit registry of them all."""
