"""Pages of the diagnostic partagé."""
