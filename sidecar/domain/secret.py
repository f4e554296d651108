"""What can go wrong with a stored secret."""


class SecretUnreadable(Exception):
    """A stored secret cannot be opened: the secret key is not the one it was sealed with."""
