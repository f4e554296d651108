"""What the readers of all shop platforms have in common."""
