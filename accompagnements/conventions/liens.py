"""The page of a party, reached by its personal link: read the document, sign it or refuse."""

from django.http import Http404
from django.shortcuts import redirect, render

from accompagnements.conventions import circuit, documents, etats, regles
from accompagnements.conventions.courriels import USAGE
from accompagnements.conventions.forms import SignerParLienForm
from accompagnements.conventions.signatures import Signature
from accompagnements.conventions.views.commun import reponse_pdf
from dla_portal.socle import codes
from dla_portal.socle.etats import Evenement
from dla_portal.socle.gestes import FormulaireMotif
from dla_portal.socle.jetons import vue_du_lien
from dla_portal.socle.regles import Manques
from dla_portal.socle.traces import trace_de

FINS = (etats.ABANDONNER.nom, etats.RESILIER.nom)  # an avenant is given up under the same name


@vue_du_lien(USAGE)
def signature(request, jeton):
    """Read by GET; sign or refuse by POST, once the code is confirmed."""
    objet = Signature.objects.select_related("structure", "convention", "avenant").get(
        pk=jeton.objet_id
    )
    if request.GET.get("document"):
        return _document(objet.acte, request.GET["document"])
    formulaires = {
        "signer": SignerParLienForm(signature=objet, prefix="signer"),
        "refuser": FormulaireMotif(prefix="refuser"),
    }
    confirme, erreurs, statut = codes.est_confirme(request, jeton), [], 200
    # What is signed is signed: a second sending of the form shows the page, nothing more.
    if request.method == "POST" and objet.signee_le is None:
        erreurs = _agir(request, jeton, objet, formulaires, confirme)
        if not erreurs and not any(f.is_bound and f.errors for f in formulaires.values()):
            return redirect(request.path)
        statut = 422
    elif request.method == "POST":
        return redirect(request.path)
    contexte = _contexte(objet, formulaires, erreurs)
    contexte |= {"confirme": confirme, "courriel_masque": jeton.courriel_masque}
    return render(request, "liens/signature.html", contexte, status=statut)


def _document(acte, nom):
    """The frozen document, or the final file when everybody has signed."""
    fichier = {"a-signer": acte.document, "signe": acte.preuve}.get(nom)
    if fichier is None:
        raise Http404
    return reponse_pdf(fichier.lire(), fichier.nom.removesuffix(".pdf"))


def _agir(request, jeton, objet, formulaires, confirme):
    """Do what the POST asks; return the sentences to show, and leave bound forms in error."""
    action = request.POST.get("action", "")
    if action == "signer":
        formulaires[action] = SignerParLienForm(request.POST, signature=objet, prefix=action)
    elif action == "refuser":
        formulaires[action] = FormulaireMotif(request.POST, prefix=action)
    else:
        return ["Ce geste est inconnu."]
    if not confirme:
        return [codes.A_CONFIRMER]
    if not formulaires[action].is_valid():
        return []
    par, donnees = f"{objet.partie_nommee}, par son lien"[:120], formulaires[action].cleaned_data
    try:
        if action == "signer":
            trace = trace_de(request)
            circuit.signer_par_lien(objet, par=par, jeton=jeton, trace=trace, **donnees)
        else:
            circuit.refuser(objet, par=par, **donnees)
    except Manques as erreur:
        return erreur.phrases
    return []


def fin_de(acte):
    """The line of the journal which gave the acte up or terminated it, or None."""
    lignes = Evenement.objects.filter(objet_type=acte._meta.label_lower, objet_id=acte.pk)
    return lignes.filter(transition__in=FINS, vers=acte.etat).order_by("pk").last()


def _contexte(objet, formulaires, erreurs):
    acte, convention = objet.acte, objet.convention
    manques = regles.manques_pour_signer_en_ligne(objet)
    saisi = any(formulaire.is_bound for formulaire in formulaires.values())
    return {
        "signature": objet,
        "acte": acte,
        "operateur": acte.operateur,
        "termes": documents.termes(acte),
        "changements": [] if acte == convention else documents.changements(acte),
        "parties": list(acte.signatures.select_related("structure")),
        "ouverte": acte.en_signature and objet.signee_le is None,
        "manques": manques if acte.en_signature else [],
        "fin": fin_de(acte),
        "complet": acte.signee_le is not None,
        "formulaires": formulaires,
        "erreurs": erreurs,
        "saisi": saisi,
    }
