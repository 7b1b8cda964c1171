"""State: what is known now. QtCore only."""
