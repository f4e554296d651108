"""A real WooCommerce shop on this machine, laid from a WordPress and a WooCommerce folder."""
