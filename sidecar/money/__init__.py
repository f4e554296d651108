"""What messages cost, and the credit of shops that pay before."""
