"""Mission: launch, mid-term note, alert and its decision."""
