"""Sources: where frames come from. One file a kind, one line in `SOURCES` (sources.opening) each."""
