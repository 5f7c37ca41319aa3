"""Pages of the consultation for the operator's team."""
