"""Gestures of the stage."""

GESTES = []
