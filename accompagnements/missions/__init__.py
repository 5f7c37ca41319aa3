"""Mission: launch, journal, mid-term note, alerts and decisions, requests out of the scope."""
