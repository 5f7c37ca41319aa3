"""The structure's score sheet, reached by its personal link; nothing shows before the code."""

from django.http import FileResponse, Http404
from django.shortcuts import redirect, render

from accompagnements.consultations import choix, forms
from accompagnements.consultations.comparaison import comparer_offres
from accompagnements.consultations.courriels import USAGE_GRILLE
from accompagnements.consultations.etats import Etat
from accompagnements.consultations.notation import Fiche
from dla_portal.socle import codes
from dla_portal.socle.jetons import vue_du_lien
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import VersionPerimee


@vue_du_lien(USAGE_GRILLE)
def grille(request, jeton):
    """Read the propositions, score them, close the sheet."""
    fiche = Fiche.objects.select_related("consultation__ingenierie__operateur").get(
        pk=jeton.objet_id
    )
    consultation = fiche.consultation
    confirme = codes.est_confirme(request, jeton)
    if request.GET.get("piece"):
        return _piece(consultation, request.GET["piece"], confirme)
    ouverte = fiche.attendue and consultation.etat == Etat.EN_ANALYSE
    formulaire, statut = forms.GrilleForm(objet=consultation, fiche=fiche), 200
    if request.method == "POST" and ouverte:
        formulaire = forms.GrilleForm(request.POST, objet=consultation, fiche=fiche)
        statut = _noter(fiche, formulaire, confirme)
        if statut == 302:
            return redirect(request.path)
    return render(
        request,
        "liens/grille.html",
        {
            "fiche": fiche,
            "consultation": consultation,
            "operateur": consultation.ingenierie.operateur,
            "formulaire": formulaire,
            "offres": comparer_offres(consultation) if confirme else None,
            "ouverte": ouverte,
            "confirme": confirme,
            "courriel_masque": jeton.courriel_masque,
        },
        status=statut,
    )


def _noter(fiche, formulaire, confirme):
    """Record the sheet; return the status of the answer, 302 when all is well."""
    consultation = fiche.consultation
    if not confirme:
        formulaire.add_error(None, codes.A_CONFIRMER)
    if not formulaire.is_valid():
        return 422
    consultation.version = formulaire.cleaned_data["version"]
    structure = consultation.ingenierie.structures()
    try:
        choix.noter(
            consultation,
            par=f"{structure}, par son lien",
            evaluateur=Fiche.Evaluateur.STRUCTURE,
            **formulaire.feuille(),
        )
    except VersionPerimee:
        # The operator worked meanwhile on its own sheet: nothing of this one is at stake.
        consultation.refresh_from_db()
        formulaire.data = {**formulaire.data.dict(), "version": consultation.version}
        formulaire.add_error(None, "Enregistrez une seconde fois pour confirmer vos notes.")
        return 409
    except Manques as erreur:
        formulaire.add_error(None, erreur)
        return 422
    return 302


def _piece(consultation, cle, confirme):
    """One file of a proposition, for a confirmed browser only."""
    fichiers = {
        str(fichier.pk): fichier
        for proposition in consultation.propositions.select_related("fichier", "cv")
        for fichier in (proposition.fichier, proposition.cv)
        if fichier is not None
    }
    fichier = fichiers.get(cle)
    if fichier is None or not confirme:
        raise Http404
    reponse = FileResponse(fichier.contenu.open("rb"), as_attachment=True, filename=fichier.nom)
    reponse["Content-Type"] = fichier.type_mime
    return reponse
