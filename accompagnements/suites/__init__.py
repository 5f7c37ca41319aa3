"""Satisfaction survey, follow-up 12–18 months after the diagnostic, closing."""
