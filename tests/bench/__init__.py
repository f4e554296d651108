"""Tools that measure the sidecar, made to cost as little processor time as they can."""
