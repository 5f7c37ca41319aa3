"""Pages of the time, of the animation activities and of the agenda."""
