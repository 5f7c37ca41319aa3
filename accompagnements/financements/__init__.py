"""Fonds d'ingénierie: enveloppes voted by the financeurs, and what each convention costs them."""
