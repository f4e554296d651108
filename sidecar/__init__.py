"""Recado's sidecar: shop events in, order texts out, and proof of what became of each."""

__version__ = "0.1.0"
