"""Energy meters: a file a meter, one protocol, one table."""
