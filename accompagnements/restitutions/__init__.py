"""Final report, restitution, invoice, solde."""
