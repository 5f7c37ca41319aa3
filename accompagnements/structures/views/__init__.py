"""Pages of the register of structures."""
