"""Names, logos and compulsory mentions of the funders, by programme and year.

Beside the stages, as every one of them makes documents that must bear these marks.
"""

from django.db import models
from django.db.models import F, Q

from dla_portal.socle import horloge, recherche
from dla_portal.socle.documents import STATIQUES

EMBLEME = "images/europe.svg"


class MarqueFinanceur(models.Model):
    """How a funder shows in the documents of the conventions of some years."""

    nom = models.CharField("financeur ou programme", max_length=120)
    nom_normalise = models.CharField(max_length=120, editable=False, db_index=True)
    de_annee = models.PositiveSmallIntegerField("première année de convention")
    a_annee = models.PositiveSmallIntegerField("dernière année", null=True, blank=True)
    europe = models.BooleanField(
        "programme de l'Union européenne",
        default=False,
        help_text="Il vient en tête, avec l'emblème, au moins aussi grand que les autres.",
    )
    mention = models.CharField(
        "mention obligatoire",
        max_length=300,
        blank=True,
        help_text="Phrase écrite dans les documents.",
    )
    logo = models.ForeignKey(
        "socle.Fichier",
        verbose_name="logo",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        on_delete=models.PROTECT,
    )

    class Meta:
        verbose_name = "marque de financeur"
        verbose_name_plural = "marques des financeurs"
        ordering = ["-europe", "nom", "de_annee"]
        constraints = [
            models.UniqueConstraint(
                fields=["nom_normalise", "de_annee"],
                name="marque_unique_par_annee",
                violation_error_message="Ce financeur a déjà une marque à partir de cette année.",
            ),
            models.CheckConstraint(
                condition=Q(a_annee=None) | Q(a_annee__gte=F("de_annee")),
                name="marque_annees_ordonnees",
                violation_error_message="La dernière année précède la première.",
            ),
        ]

    def __str__(self):
        return f"{self.nom} ({self.de_annee}–{self.a_annee or '…'})"

    def save(self, *args, **kwargs):
        self.nom_normalise = recherche.normaliser(self.nom)
        super().save(*args, **kwargs)


# Known programmes; an administrator adds the others with their logos.
PROGRAMMES = [
    (
        "Fonds social européen (FSE)",
        2014,
        2020,
        "Opération cofinancée par l'Union européenne, Fonds social européen, période 2014-2020.",
    ),
    ("Union européenne (FSE+)", 2021, 2027, "Cofinancé par l'Union européenne"),
]


def semer():
    """Create the known programmes which are missing."""
    for nom, de_annee, a_annee, mention in PROGRAMMES:
        MarqueFinanceur.objects.get_or_create(
            nom_normalise=recherche.normaliser(nom),
            de_annee=de_annee,
            defaults={"nom": nom, "a_annee": a_annee, "mention": mention, "europe": True},
        )


def pour(noms, annee, *, europe):
    """Return (funders as `composants/marques_pdf.html` wants them, images by name).

    `europe` asks for the European programme of the year, whatever name the convention gives it;
    a name among `noms` which is European asks for it as well: it is never left out.
    """
    lignes = MarqueFinanceur.objects.filter(
        Q(a_annee=None) | Q(a_annee__gte=annee), de_annee__lte=annee
    ).select_related("logo")
    connues = {marque.nom_normalise: marque for marque in lignes.order_by("de_annee")}
    europe = europe or any(_europeen(nom, connues) for nom in noms)
    programme = next((m for m in connues.values() if m.europe), None) if europe else None
    financeurs, images = [], {}
    if europe:
        nom = programme.nom if programme else "Union européenne"
        financeurs.append(_decrire(nom, programme, images, europe=True))
    for nom in noms:
        marque = connues.get(recherche.normaliser(nom))
        if _europeen(nom, connues):
            continue  # said once, by the programme of the year
        financeurs.append(_decrire(nom, marque, images, europe=False))
    return financeurs, images


def de_l_operateur(operateur, le=None):
    """The funders of an operator on a date (today if None): for what comes before a convention."""
    annee = (le or horloge.aujourdhui()).year
    return pour(operateur.liste_financeurs, annee, europe=operateur.cofinance_fse)


def de(convention):
    """The funders of a convention and of all that follows from it: the year is its own."""
    etablie_le = convention.envoyee_le or convention.signee_le or horloge.aujourdhui()
    return pour(convention.liste_financeurs, etablie_le.year, europe=convention.cofinancee_fse)


def _europeen(nom, connues):
    """Whether a name is that of a European programme, by the known ones or by its words."""
    normalise = recherche.normaliser(nom)
    marque = connues.get(normalise)
    europe = marque is not None and marque.europe
    return europe or dit_europeen(nom)


def dit_europeen(nom):
    """Whether the very words of a name are those of a European programme."""
    normalise = recherche.normaliser(nom)
    return "fse" in normalise.split() or "union europeenne" in normalise


def _decrire(nom, marque, images, *, europe):
    """One funder; the bytes of its uploaded logo go to `images`, the only ones the PDF may read."""
    logo_url = f"{STATIQUES}{EMBLEME}" if europe else ""
    if marque and marque.logo_id and marque.logo.intact:
        cle = f"marque-{marque.pk}"
        images[cle] = (marque.logo.lire(), marque.logo.type_mime)
        logo_url = f"image:{cle}"
    mention = marque.mention if marque else ""
    return {"nom": nom, "logo_url": logo_url, "europe": europe, "mention": mention}
