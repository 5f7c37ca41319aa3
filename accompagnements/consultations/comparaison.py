"""The propositions side by side, the best value of each line told by text."""

from accompagnements.consultations import pieces, regles


def comparer(consultation):
    """Return {"propositions", "lignes": [(label, genre, [(value, is best)])]} for the screen.

    The notes are the means of the sheets that the operator's team may read.
    """
    totaux = regles.totaux(consultation)
    propositions = _propositions(consultation)
    propositions.sort(key=lambda p: (-totaux[p.pk], p.pk))
    fiches = regles.fiches_lisibles(consultation)
    moyennes = notes_moyennes(fiches)
    criteres = list(consultation.criteres.all())
    lignes = [_points(propositions, critere, moyennes) for critere in criteres if moyennes]
    maximum = sum(critere.points for critere in criteres)
    if len(fiches) > 1:
        lignes += [_total_de(fiche, propositions, maximum) for fiche in fiches]
    if moyennes:
        sommes = [totaux[p.pk] for p in propositions]
        lignes.append(_ligne(f"Total /{maximum}", "points", sommes, max))
    lignes += [
        _ligne(f"{critere.libelle} : pourquoi", "texte", textes, None)
        for critere, textes in justifications(fiches, criteres, propositions)
    ]
    return {"propositions": propositions, "lignes": lignes + _offres(consultation, propositions)}


def comparer_offres(consultation):
    """The same without any note: what the structure reads before it scores."""
    propositions = _propositions(consultation)
    return {"propositions": propositions, "lignes": _offres(consultation, propositions)}


def _propositions(consultation):
    return list(consultation.propositions.select_related("sollicitation__prestataire"))


def notes_moyennes(fiches):
    """Return {(proposition pk, criterion pk): mean of the notes of these sheets}."""
    recues = {}
    for fiche in fiches:
        for note in fiche.notes.all():
            recues.setdefault((note.proposition_id, note.critere_id), []).append(note.points)
    return {cle: round(sum(points) / len(points), 2) for cle, points in recues.items()}


def justifications(fiches, criteres, propositions):
    """Return [(criterion, [its justifications, per proposition])], silent criteria left out."""
    dites = {}
    for fiche in fiches:
        for note in fiche.notes.all():
            if note.commentaire:
                texte = f"{fiche.get_evaluateur_display()} : {note.commentaire}"
                dites.setdefault((note.proposition_id, note.critere_id), []).append(texte)
    lignes = [(c, ["\n".join(dites.get((p.pk, c.pk), [])) for p in propositions]) for c in criteres]
    return [ligne for ligne in lignes if any(ligne[1])]


def _total_de(fiche, propositions, maximum):
    sommes = dict.fromkeys((p.pk for p in propositions), 0)
    for note in fiche.notes.all():
        sommes[note.proposition_id] += note.points
    libelle = f"Total {fiche.get_evaluateur_display().lower()} /{maximum}"
    return _ligne(libelle, "points", [sommes[p.pk] for p in propositions], max)


def _offres(consultation, propositions):
    """What the propositions say, line by line."""
    return [
        _ligne("Version du cahier", "texte", [p.version_cahier for p in propositions], None),
        _ligne("Pièces", "texte", [pieces.en_mots(p) for p in propositions], None),
        _ligne("Montant HT", "euros", [p.montant_ht for p in propositions], min),
        _ligne("TVA", "euros", [p.montant_ttc - p.montant_ht for p in propositions], None),
        _ligne("Montant TTC", "euros", [p.montant_ttc for p in propositions], min),
        _ligne("Dont frais HT", "euros", [p.frais for p in propositions], min),
        _ligne("Dans le cahier", "texte", [_ecarts(consultation, p) for p in propositions], None),
        _ligne("Jours", "jours", [p.jours for p in propositions], None),
        _ligne("Prix du jour HT", "euros", [p.tjm_ht for p in propositions], min),
        _ligne("Début", "date", [p.debut for p in propositions], None),
        _ligne("Fin", "date", [p.fin for p in propositions], None),
        _ligne("Intervenants", "texte", [p.intervenants for p in propositions], None),
        _ligne("Démarche", "texte", [p.methode for p in propositions], None),
    ]


def _ecarts(consultation, proposition):
    """Say what of a proposition goes beyond the cahier des charges."""
    cahier, ecarts = consultation.cahier, []
    if cahier.budget_max and proposition.montant_ttc > cahier.budget_max:
        ecarts.append("dépasse le budget maximum")
    if cahier.jours_max and proposition.jours > cahier.jours_max:
        ecarts.append("dépasse le nombre de jours")
    return ", ".join(ecarts) or "oui"


def _points(propositions, critere, moyennes):
    notes = [moyennes.get((proposition.pk, critere.pk)) for proposition in propositions]
    return _ligne(f"{critere.libelle} /{critere.points}", "points", notes, max)


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
