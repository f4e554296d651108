"""Tables and every writing query. Functions take a connection, so that callers choose the transaction."""
