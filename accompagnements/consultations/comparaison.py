"""The propositions side by side, the best value of each line told by text."""

from accompagnements.consultations import regles


def comparer(consultation):
    """Return {"propositions", "lignes": [(label, genre, [(value, is best)])]} for the screen."""
    totaux = regles.totaux(consultation)
    propositions = list(
        consultation.propositions.select_related("sollicitation__prestataire").prefetch_related(
            "notes"
        )
    )
    propositions.sort(key=lambda p: (-totaux[p.pk], p.pk))
    criteres = list(consultation.criteres.all())
    lignes = [_points(propositions, critere) for critere in criteres]
    maximum = sum(critere.points for critere in criteres)
    notees = any(p.notes.all() for p in propositions)
    sommes = [totaux[p.pk] if notees else None for p in propositions]
    lignes.append(_ligne(f"Total /{maximum}", "points", sommes, max))
    lignes += [
        _ligne("Montant HT", "euros", [p.montant_ht for p in propositions], min),
        _ligne("Montant TTC", "euros", [p.montant_ttc for p in propositions], min),
        _ligne("Dont frais HT", "euros", [p.frais for p in propositions], min),
        _ligne("Jours", "jours", [p.jours for p in propositions], None),
        _ligne("Prix du jour HT", "euros", [p.tjm_ht for p in propositions], min),
        _ligne("Début", "date", [p.debut for p in propositions], None),
        _ligne("Fin", "date", [p.fin for p in propositions], None),
        _ligne("Intervenants", "texte", [p.intervenants for p in propositions], None),
        _ligne("Démarche", "texte", [p.methode for p in propositions], None),
    ]
    return {"propositions": propositions, "lignes": lignes}


def _points(propositions, critere):
    notes = [_note(proposition, critere) for proposition in propositions]
    return _ligne(f"{critere.libelle} /{critere.points}", "points", notes, max)


def _note(proposition, critere):
    return next((n.points for n in proposition.notes.all() if n.critere_id == critere.pk), None)


def _ligne(libelle, genre, valeurs, meilleur):
    connues = [valeur for valeur in valeurs if valeur is not None]
    # A best value means something only when the propositions differ.
    differentes = meilleur is not None and len(set(connues)) > 1
    borne = meilleur(connues) if differentes else None
    return {
        "libelle": libelle,
        "genre": genre,
        "valeurs": [(valeur, differentes and valeur == borne) for valeur in valeurs],
    }
