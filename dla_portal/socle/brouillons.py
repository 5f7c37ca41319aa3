"""Server drafts: what is being typed is kept every few seconds and comes back if one leaves.

A draft belongs to one account and one address; nobody else reads it. Files are never kept, and the
forms that hold a sealed deposit or a secret say `garde_la_saisie = False`.
"""

import uuid
from datetime import timedelta

from django import forms
from django.conf import settings
from django.db import models, transaction
from django.http import QueryDict

from dla_portal.socle import horloge

ADRESSE_MAX = 300  # characters; the form of a longer address is not kept
TAILLE_MAX = 400_000  # characters of one draft, more than the longest diagnostic
GARDE = timedelta(days=30)  # a draft nobody came back to is of no more use
JAMAIS = {"csrfmiddlewaretoken", "cle_envoi", "version_lue", "page_brouillon"}


class Brouillon(models.Model):
    """What an account has typed in the form of an address and has not sent yet."""

    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="brouillons"
    )
    adresse = models.CharField(max_length=ADRESSE_MAX)
    page = models.UUIDField(help_text="Affichage du formulaire d'où vient la saisie.")
    saisie = models.TextField(blank=True, help_text="Champs saisis, codés comme une adresse.")
    garde_le = models.DateTimeField(default=horloge.maintenant)

    class Meta:
        verbose_name = "brouillon de saisie"
        verbose_name_plural = "brouillons de saisie"
        constraints = [
            models.UniqueConstraint(fields=["compte", "adresse"], name="un_brouillon_par_adresse")
        ]

    def __str__(self):
        return self.adresse


def adresse_valable(adresse):
    """Say whether a draft can be kept under this address: a path of the portal, printable."""
    return adresse.startswith("/") and adresse.isprintable() and len(adresse) <= ADRESSE_MAX


def garder(compte, adresse, page, saisie):
    """Keep what is typed in a page (a QueryDict); return the draft, or None if it came too late.

    Too late: the form of that page was already sent, and its draft must not come back to life.
    """
    champs = saisie.copy()
    for nom in JAMAIS:
        champs.pop(nom, None)
    with transaction.atomic():
        brouillon, neuf = Brouillon.objects.select_for_update().get_or_create(
            compte=compte, adresse=adresse, defaults={"page": page}
        )
        if not neuf and brouillon.page == page and not brouillon.saisie:
            return None
        brouillon.page, brouillon.saisie = page, champs.urlencode()
        brouillon.garde_le = horloge.maintenant()
        brouillon.save()
    Brouillon.objects.filter(compte=compte, garde_le__lt=horloge.maintenant() - GARDE).delete()
    return brouillon


def oublier(compte, adresse):
    """Forget a draft, at the wish of the person."""
    Brouillon.objects.filter(compte=compte, adresse=adresse).delete()


def remis(request):
    """Empty the draft of the form just accepted: what is still on its way is then dropped."""
    page = lire_page(request.POST.get("page_brouillon"))
    if page is None:
        return
    Brouillon.objects.update_or_create(
        compte=request.user,
        adresse=request.get_full_path(),
        defaults={"page": page, "saisie": "", "garde_le": horloge.maintenant()},
    )


def lire_page(brut):
    """Return the UUID of a page, or None when it is not one."""
    try:
        return uuid.UUID(brut or "")
    except ValueError:
        return None


def contexte(request, formulaire):
    """Put the kept draft back in a form shown by GET; return what the page needs to keep more.

    An empty dictionary when the form is not one whose typing is kept.
    """
    adresse = request.get_full_path()
    if len(adresse) > ADRESSE_MAX or not request.user.is_authenticated or not se_garde(formulaire):
        return {}
    repris_le = None
    if not formulaire.is_bound:
        garde = Brouillon.objects.filter(compte=request.user, adresse=adresse).exclude(saisie="")
        brouillon = garde.first()
        if brouillon is not None and _reprendre(formulaire, QueryDict(brouillon.saisie)):
            repris_le = brouillon.garde_le
    return {"brouillon": {"adresse": adresse, "page": uuid.uuid4(), "repris_le": repris_le}}


def se_garde(formulaire):
    """Say whether a form keeps its typing: when it says so, else when one writes a text in it."""
    dit = getattr(formulaire, "garde_la_saisie", None)
    if dit is not None:
        return dit
    champs = formulaire.fields.values()
    return not formulaire.is_multipart() and any(
        isinstance(champ.widget, forms.Textarea) for champ in champs
    )


def _reprendre(formulaire, saisie):
    """Show the typed values in place of the stored ones; say whether any of them differs."""
    differe = False
    for nom, champ in formulaire.fields.items():
        cle = formulaire.add_prefix(nom)
        if nom in JAMAIS or champ.widget.value_omitted_from_data(saisie, {}, cle):
            continue
        valeur = champ.widget.value_from_datadict(saisie, {}, cle)
        stocke = formulaire.get_initial_for_field(champ, nom)
        differe = differe or (nom != "version" and champ.has_changed(stocke, valeur))
        formulaire.initial[nom] = valeur
    return differe
