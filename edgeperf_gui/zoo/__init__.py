"""Models as files: the catalogue, cards, variants."""
