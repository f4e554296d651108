"""What the sidecar asks shops by itself: each errand has its turn, and one asker at a time."""
