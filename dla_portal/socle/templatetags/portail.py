"""Filters of all templates: French amounts, dates and durations. Loaded everywhere (builtins)."""

from django import template
from django.template.loader import render_to_string
from django.utils import formats, timezone

from dla_portal.socle import durees, horloge

register = template.Library()
FINE = "\u202f"  # narrow no-break space, before % and €


@register.filter
def euros(montant, mention=""):
    """1234.5 → « 1 234,50 € » (+ « TTC » when given); nothing known is an em dash."""
    if montant is None or montant == "":
        return "—"
    nombre = formats.number_format(montant, decimal_pos=2, use_l10n=True, force_grouping=True)
    return f"{nombre}{FINE}€ {mention}".strip()


@register.filter
def nombre_d_erreurs(formulaire):
    """How many sentences the summary of errors of a bound form holds."""
    return sum(len(phrases) for phrases in formulaire.errors.values())


@register.filter
def libelle_nu(libelle):
    """The label of a field without « (facultatif) » and the like, to name it in a sentence."""
    return str(libelle).removesuffix(" (facultatif)").removesuffix(" (demandé pour l'envoi)")


@register.filter
def nombre(valeur, decimales=0):
    """12345 → « 12 345 »; None → « — »."""
    if valeur is None or valeur == "":
        return "—"
    return formats.number_format(valeur, decimal_pos=int(decimales), force_grouping=True)


@register.filter
def jours(valeur):
    """Days with at most two decimals and their unit: « 4,5 jours »."""
    if valeur is None or valeur == "":
        return "—"
    texte = formats.number_format(valeur, decimal_pos=2, force_grouping=True)
    texte = texte.rstrip("0").rstrip(",") if "," in texte else texte
    return f"{texte} jour{'s' if valeur >= 2 else ''}"


@register.filter
def duree(minutes):
    """90 → « 1 h 30 »; None → « — »."""
    return durees.en_mots(minutes)


@register.filter
def duree_totale(minutes):
    """210 → « 3 h 30 (0,5 jour) »: hours, and days of seven hours beside."""
    return durees.total_en_mots(minutes)


@register.filter
def date_fr(valeur):
    """A date in words, « vendredi 20 novembre 2026 »; a datetime adds « , 17 h »."""
    if not valeur:
        return "—"
    if hasattr(valeur, "hour"):
        local = timezone.localtime(valeur)
        minutes = f" {local:%M}" if local.minute else ""
        return f"{_en_toutes_lettres(local)}, {local.hour} h{minutes}"
    return _en_toutes_lettres(valeur)


def _en_toutes_lettres(jour):
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{formats.date_format(jour, 'l')} {quantieme} {formats.date_format(jour, 'F Y')}"


@register.filter
def date_courte(valeur):
    """A date as « 20/11/2026 »; a datetime adds its hour."""
    if not valeur:
        return "—"
    if hasattr(valeur, "hour"):
        return formats.date_format(timezone.localtime(valeur), "d/m/Y H:i")
    return formats.date_format(valeur, "d/m/Y")


@register.filter
def a_l_heure(moment):
    """When something was kept: « à 14:32 » today, « le 20/11/2026 à 14:32 » before."""
    if not moment:
        return ""
    local = timezone.localtime(moment)
    jour = "" if local.date() == horloge.aujourdhui() else f"le {local:%d/%m/%Y} "
    return f"{jour}à {local:%H:%M}"


@register.filter
def depuis(valeur):
    """How long ago, in days: « depuis 3 jours », « depuis aujourd'hui »."""
    if not valeur:
        return ""
    jour = timezone.localdate(valeur) if hasattr(valeur, "hour") else valeur
    ecart = (horloge.aujourdhui() - jour).days
    if ecart <= 0:
        return "depuis aujourd'hui"
    return "depuis hier" if ecart == 1 else f"depuis {ecart} jours"


@register.filter
def oui_non(valeur):
    """True → « oui », False → « non », None → « — »."""
    return "—" if valeur is None else "oui" if valeur else "non"


@register.filter
def ou_tiret(valeur):
    """The value, or an em dash when empty."""
    return "—" if valeur is None or valeur == "" else valeur


@register.simple_tag(takes_context=True)
def url_avec(context, **changements):
    """The current address with some query parameters replaced (None removes one)."""
    parametres = context["request"].GET.copy()
    for cle, valeur in changements.items():
        if valeur is None:
            parametres.pop(cle, None)
        else:
            parametres[cle] = valeur
    return f"?{parametres.urlencode()}" if parametres else "?"


@register.simple_block_tag
def defilant(content, etiquette):
    """A wide table in a region that scrolls, named `etiquette`, with its visible hint."""
    contexte = {"contenu": content, "etiquette": etiquette}
    return render_to_string("composants/defilant.html", contexte)
