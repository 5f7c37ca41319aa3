"""Comité d'appui: séances, convocations, avis; consultative, the operator decides."""
