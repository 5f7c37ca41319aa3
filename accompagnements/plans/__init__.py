"""Plan d'accompagnement: versions, actions, and the Ingenierie that the rest hangs on."""
