"""Diagnostic partagé, validated by the instances of the structure."""
