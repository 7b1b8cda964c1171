"""Words: the frozen data that every floor of the house speaks."""
