"""Demonstration, third part: three years of dossiers, played through the real transitions.

`recit` holds the clock of one dossier, `debut` plays it from the request to the plan, `ingenierie`
from the consultation to the balance, `histoire` decides how many dossiers meet which fate,
`vitrine` stops one dossier at each step this week, `aleas` plays what does not go as planned.
"""
