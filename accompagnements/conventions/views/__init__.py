"""Pages of the conventions: themselves, their avenants, the trame they are written from."""
