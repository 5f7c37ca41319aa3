"""Request, accueil, eligibility, waiting list, orientation; opens the Accompagnement."""
