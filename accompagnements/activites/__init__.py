"""Time spent, register of the animation activities, agenda of the operator and of a person."""
