"""Our end of the wire: HTTP to providers and shops, bounded and exact about what may have been lost."""
