"""Pure values of the road: nothing here reads a clock, a file, a network or a database."""
