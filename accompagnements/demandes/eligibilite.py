"""Eligibility as data: the criteria of a region, each version kept for good (domaine.md step 1).

A demande keeps its answers with the wording of the day; a later version changes nothing to them.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from accompagnements.droits import ADMIN, region_de
from dla_portal.comptes import roles
from dla_portal.comptes.droits import a_role, exiger, repondre
from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques, exiger_aucun_manque
from dla_portal.territoires.models import Region

CRITERES_MAX = 12
NATIONAUX = [
    ("existe", "la structure existe déjà"),
    ("statut", "son statut ouvre droit au DLA"),
    ("emploi", "elle emploie au moins une personne"),
    ("volonte", "elle veut consolider son activité et ses emplois"),
]


class GrilleEligibiliteQuerySet(models.QuerySet):
    def de(self, region):
        """Versions of a region (None: the national ones), the latest first."""
        return self.filter(region=region).order_by("-numero")

    def en_vigueur(self, region, le=None):
        """The latest version of the region applicable on a date, else the national one."""
        applicables = self.filter(applicable_le__lte=le or horloge.aujourdhui())
        return applicables.de(region).first() or applicables.de(None).first()


class GrilleEligibilite(models.Model):
    """One version of the criteria: never changed, replaced by the next one.

    `criteres`: list of {"code", "libelle"}, in order; the code follows a criterion reworded.
    """

    region = models.ForeignKey(
        Region, verbose_name="région", null=True, blank=True, on_delete=models.PROTECT
    )
    numero = models.PositiveIntegerField("version")
    applicable_le = models.DateField("applicable à partir du")
    criteres = models.JSONField("critères", default=list)
    cree_le = models.DateTimeField("créée le", default=horloge.maintenant)
    cree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )

    objects = GrilleEligibiliteQuerySet.as_manager()

    class Meta:
        verbose_name = "critères d'éligibilité"
        verbose_name_plural = "critères d'éligibilité"
        ordering = [models.F("region").asc(nulls_first=True), "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "numero"],
                name="eligibilite_version_unique",
                violation_error_message="Quelqu'un a enregistré une version entre-temps.",
            ),
            models.UniqueConstraint(
                fields=["numero"],
                condition=Q(region=None),
                name="eligibilite_nationale_version_unique",
                violation_error_message="Quelqu'un a enregistré une version entre-temps.",
            ),
        ]

    def __str__(self):
        return f"Critères d'éligibilité {self.region or 'nationaux'}, version {self.numero}"


def semer():
    """Create the national version when there is none."""
    if not GrilleEligibilite.objects.de(None).exists():
        GrilleEligibilite.objects.create(
            numero=1,
            applicable_le="2002-01-01",
            criteres=[{"code": code, "libelle": libelle} for code, libelle in NATIONAUX],
        )


def a_examiner(region, le=None):
    """Return the criteria in force in a region on a date: [{"code", "libelle"}]."""
    grille = GrilleEligibilite.objects.en_vigueur(region, le)
    if grille is None:
        return [{"code": code, "libelle": libelle} for code, libelle in NATIONAUX]
    return grille.criteres


def repondre_aux(criteres, reponses):
    """Return what a demande keeps: the wording of the day, and the answer (None: not examined)."""
    return [
        {
            "code": critere["code"],
            "libelle": critere["libelle"],
            "reponse": reponses.get(critere["code"]),
        }
        for critere in criteres
    ]


def edite(utilisateur, region):
    """Right: the DLA régional for its region, the administrator for all and the national one."""
    edite_des = a_role(utilisateur, roles.DlaRegional.code, ADMIN)
    if not edite_des or utilisateur.role == ADMIN:
        return edite_des
    code = region.pk if region else None
    return repondre(
        code == region_de(utilisateur),
        "Ces critères sont tenus par le DLA régional de leur région.",
    )


def manques_de_la_grille(criteres, applicable_le):
    """A version asks something, once each, from a day that has not gone by."""
    manques = []
    libelles = [critere["libelle"].casefold() for critere in criteres]
    if not criteres:
        manques.append("Gardez au moins un critère.")
    if len(set(libelles)) < len(libelles):
        manques.append("Deux critères disent la même chose.")
    if applicable_le < horloge.aujourdhui():
        manques.append("Une nouvelle version s'applique au plus tôt aujourd'hui.")
    return manques


@transaction.atomic
def enregistrer(region, *, par, criteres, applicable_le, numero_lu):
    """Keep the criteria as the next version; `numero_lu` is the one that was on screen (0: none)."""
    exiger(edite(par, region))
    exiger_aucun_manque(manques_de_la_grille(criteres, applicable_le))
    derniere = GrilleEligibilite.objects.de(region).first()
    numero = derniere.numero if derniere else 0
    if numero != numero_lu:
        raise Manques(
            [f"Quelqu'un a enregistré la version {numero} entre-temps : rechargez la page."]
        )
    if derniere and applicable_le < derniere.applicable_le:
        raise Manques(
            [
                f"La version {numero} s'applique à partir du {derniere.applicable_le:%d/%m/%Y} : "
                "choisissez ce jour ou un jour suivant."
            ]
        )
    return GrilleEligibilite.objects.create(
        region=region,
        numero=numero + 1,
        applicable_le=applicable_le,
        criteres=criteres,
        cree_par=par,
    )
