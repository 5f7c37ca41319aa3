"""Pages of the comité d'appui: its séances and the register of its members."""
