"""Deliveries of a real WooCommerce 10.0.2 shop, with made-up people, for the demonstration."""
