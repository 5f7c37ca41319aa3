"""Writing the diagnostic: one page a section, its tabs, what each still lacks."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accompagnements import droits
from accompagnements.diagnostics import regles, sections
from accompagnements.diagnostics.etats import Etat
from accompagnements.diagnostics.views.commun import visibles
from dla_portal.comptes.droits import exiger
from dla_portal.socle import brouillons, edition
from dla_portal.socle.regles import Manques


def modifier(request, pk, section):
    """Write one section; the text is frozen once submitted."""
    diagnostic = get_object_or_404(visibles(request), pk=pk)
    exiger(droits.instruit(request.user, diagnostic))
    choisie = sections.trouver(section)
    if choisie is None:
        raise Http404
    if diagnostic.etat != Etat.EN_COURS:
        etat = diagnostic.get_etat_display()
        raise Manques([f"Le diagnostic est à l'état « {etat} » : son texte ne change plus."])
    onglets = decrire_onglets(request, diagnostic, choisie)
    options = {"depuis_la_fiche": True} if _reprend_la_fiche(request, choisie) else {}
    return edition.modifier(
        request,
        diagnostic,
        choisie.formulaire,
        retour=_retour(request, diagnostic, choisie),
        gabarit="accompagnements/diagnostics/section.html",
        contexte={
            "titre": choisie.titre,
            "section": choisie,
            "diagnostic": diagnostic,
            "dossier": diagnostic.accompagnement,
            "onglets": onglets,
            "manques": regles.vides_de(diagnostic, choisie.cle),
            "enregistre_le": diagnostic.history.values_list("history_date", flat=True).first(),
            "precedente": _voisine(diagnostic, choisie, -1),
            "suivante": _voisine(diagnostic, choisie, +1),
            "url_annuler": diagnostic.get_absolute_url(),
            "depuis_la_fiche": bool(options),
        },
        **options,
    )


def _reprend_la_fiche(request, section):
    """The figures known of the structure fill the empty cells, when the person asks for them."""
    return section.cle == "chiffres" and request.GET.get("reprendre") == "fiche"


def decrire_onglets(request, diagnostic, courante=None):
    """Describe the tabs: what each lacks, and whether something typed there is not saved."""
    adresses = {s.cle: adresse_de(diagnostic, s) for s in sections.SECTIONS}
    gardes = brouillons.Brouillon.objects.filter(
        compte=request.user, adresse__in=adresses.values()
    ).exclude(saisie="")
    en_attente = set(gardes.values_list("adresse", flat=True))
    return [
        {
            "titre": section.onglet,
            "url": adresses[section.cle],
            "courant": section == courante,
            "manques": len(regles.vides_de(diagnostic, section.cle)),
            "en_attente": adresses[section.cle] in en_attente,
        }
        for section in sections.SECTIONS
    ]


def adresse_de(diagnostic, section):
    """Address of the page where a section is written."""
    return reverse("accompagnements:diagnostic_modifier", args=[diagnostic.pk, section.cle])


def _voisine(diagnostic, section, pas):
    """The section before or after, as the page links to it; None at either end."""
    rang = sections.SECTIONS.index(section) + pas
    if not 0 <= rang < len(sections.SECTIONS):
        return None
    autre = sections.SECTIONS[rang]
    return {"titre": autre.onglet, "url": adresse_de(diagnostic, autre)}


def _retour(request, diagnostic, section):
    """Where the button leads: the next section, this one again, or the page of the diagnostic."""
    suite = request.POST.get("suite", "")
    if suite == "rester":
        return adresse_de(diagnostic, section)
    suivante = _voisine(diagnostic, section, +1)
    if suite == "continuer" and suivante:
        return suivante["url"]
    return f"{diagnostic.get_absolute_url()}#{section.cle}"
