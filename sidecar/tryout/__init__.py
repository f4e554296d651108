"""What a shop's last weeks would have had texted: the real intake at work on a database that is thrown away."""
