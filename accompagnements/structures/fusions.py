"""Two records of the same organisation made one, in one gesture that can be undone.

What moves is told by `liens`, not by a list of ours. Nothing is deleted: what cannot move (the
figures of a year that both know) stays with the absorbed record, which leaves the register but
keeps its row and its number.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q
from simple_history.utils import bulk_update_with_history

from accompagnements import droits
from accompagnements.structures.liens import lien_de, liens
from accompagnements.structures.models import Structure
from dla_portal.comptes import roles
from dla_portal.comptes.droits import OUI, Refus, a_role, exiger
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import exiger_aucun_manque
from dla_portal.socle.verrou import Verrouille


class Fusion(Verrouille):
    """Two records of the same organisation made one: what moved, what changed, who did it.

    `deplacements` lists [model label, foreign key, primary key] of the rows that went from
    `absorbee` to `gardee`; `echanges` those of `gardee` which went the other way; `avant` and
    `apres` hold the fields of both structures. Undoing plays them backwards.
    """

    gardee = models.ForeignKey(Structure, related_name="+", on_delete=models.PROTECT)
    absorbee = models.ForeignKey(Structure, related_name="+", on_delete=models.PROTECT)
    deplacements = models.JSONField(default=list)
    echanges = models.JSONField(default=list)
    avant = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    apres = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    faite_le = models.DateTimeField("faite le", default=horloge.maintenant)
    faite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT
    )
    defaite_le = models.DateTimeField("défaite le", null=True)
    defaite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, related_name="+", on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = "fusion de structures"
        verbose_name_plural = "fusions de structures"
        ordering = ["-faite_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(defaite_le=None, defaite_par=None)
                | Q(defaite_le__isnull=False, defaite_par__isnull=False),
                name="fusion_defaite_date_et_auteur",
                violation_error_message="Une fusion défaite porte sa date et son auteur.",
            ),
            models.UniqueConstraint(
                fields=["absorbee"],
                condition=Q(defaite_le=None),
                name="fusion_unique_par_absorbee",
                violation_error_message="Cette structure est déjà fusionnée dans une autre.",
            ),
        ]

    def __str__(self):
        return f"{self.absorbee} → {self.gardee}"

    def get_absolute_url(self):
        return self.gardee.get_absolute_url()


# --- Rights and rules ---------------------------------------------------------------------------
def peut_fusionner(utilisateur, *structures):
    """Right: the DLA régional and the administrator; an operator when every dossier is its own."""
    if utilisateur.role in (roles.Administrateur.code, roles.DlaRegional.code):
        return OUI
    reponse = a_role(utilisateur, *roles.INSTRUCTEURS)
    if not reponse:
        return reponse
    operateur = droits.operateur_de(utilisateur)
    ailleurs = any(
        s.demandes.exclude(operateur=operateur).exists()
        or s.accompagnements.exclude(operateur=operateur).exists()
        for s in structures
    )
    if ailleurs:
        return Refus(
            "Une de ces fiches porte un dossier d'un autre opérateur : demandez la fusion au DLA "
            "régional."
        )
    return OUI


def manques_pour_fusionner(gardee, absorbee):
    """What forbids to merge two structures, in sentences."""
    if gardee.pk == absorbee.pk:
        return ["Choisissez deux fiches différentes."]
    if gardee.fusionnee_dans_id or absorbee.fusionnee_dans_id:
        return ["Une de ces fiches est déjà fusionnée dans une autre."]
    return []


def manques_pour_defaire(fusion):
    """What happened since a fusion and forbids to undo it, in sentences."""
    if fusion.defaite_le:
        return ["Cette fusion est déjà défaite."]
    gardee, manques = fusion.gardee, []
    if gardee.fusionnee_dans_id:
        return [f"« {gardee} » est elle-même fusionnée depuis : défaites d'abord cette fusion."]
    suivantes = Fusion.objects.filter(gardee=gardee, defaite_le=None, pk__gt=fusion.pk)
    if suivantes.exists():
        return ["Une autre fiche y a été fusionnée depuis : défaites d'abord cette fusion."]
    apres = fusion.apres["gardee"]
    for nom in _changes(fusion):
        if _valeur(gardee, nom) != apres[nom]:
            libelle = Structure._meta.get_field(nom).verbose_name
            manques.append(f"Le champ « {libelle} » a été modifié depuis la fusion.")
    for depart, deplaces in ((gardee, fusion.deplacements), (fusion.absorbee, fusion.echanges)):
        for label, champ, cles in deplaces:
            lien = lien_de(label, champ)
            restantes = set(lien.lignes(depart).filter(pk__in=cles).values_list("pk", flat=True))
            if restantes != set(cles):
                manques.append(
                    f"{lien.nom} : des lignes ont été déplacées ou supprimées depuis la fusion."
                )
    return manques


def _changes(fusion):
    avant, apres = fusion.avant["gardee"], fusion.apres["gardee"]
    return [nom for nom in apres if avant[nom] != apres[nom]]


# --- Preview ------------------------------------------------------------------------------------
NON_COPIES = {"id", "version", "cree_le", "nom_normalise", "siren", "departement", "fusionnee_dans"}
# They go together: the state of the check follows the number that was checked.
DE_LA_VERIFICATION = ("verification", "verifiee_le", "verifiee_par", "ecarts")
TECHNIQUES = {"annuaire_essais", "annuaire_apres", *DE_LA_VERIFICATION}
ENSEMBLE = {  # chosen as one
    "adresse": ("adresse", "code_postal", "ville"),
    "latitude": ("latitude", "longitude"),
    "qpv": ("qpv", "qpv_source", "qpv_constate_le"),
}


@dataclass(frozen=True)
class Difference:
    """Fields whose value is kept from one record or from the other, in words."""

    nom: str
    libelle: str
    champs: tuple
    gardee: str
    absorbee: str

    @property
    def a_choisir(self):
        """Both records say something; otherwise the blank is filled without asking."""
        return bool(self.gardee and self.absorbee)


@dataclass
class Apercu:
    """What a fusion would do: the fields which differ, the rows which move, those which collide."""

    differences: list = field(default_factory=list)
    deplacements: list = field(default_factory=list)  # (Lien, rows which move)
    collisions: list = field(default_factory=list)  # (Lien, row of gardee, row of absorbee)


def apercu(gardee, absorbee):
    """Return the Apercu of a fusion; nothing is written."""
    vue = Apercu(differences=_differences(gardee, absorbee))
    for lien in liens():
        libres = []
        for ligne in lien.lignes(absorbee):
            jumelle = lien.jumelle(ligne, gardee)
            if jumelle is None:
                libres.append(ligne)
            else:
                vue.collisions.append((lien, jumelle, ligne))
        if libres:
            vue.deplacements.append((lien, libres))
    return vue


def _differences(gardee, absorbee):
    suivants = {nom for noms in ENSEMBLE.values() for nom in noms[1:]}
    differences = []
    for champ in Structure._meta.concrete_fields:
        if champ.name in NON_COPIES | TECHNIQUES | suivants:
            continue
        noms = ENSEMBLE.get(champ.name, (champ.name,))
        ici, la = (
            " ".join(filter(None, (_en_mots(s, n) for n in noms))) for s in (gardee, absorbee)
        )
        if la and ici != la:
            libelle = champ.verbose_name[:1].upper() + champ.verbose_name[1:]
            differences.append(Difference(champ.name, libelle, noms, ici, la))
    return differences


def _en_mots(structure, nom):
    affiche = getattr(structure, f"get_{nom}_display", None)
    valeur = affiche() if affiche else getattr(structure, nom)
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return f"{valeur:%d/%m/%Y}" if hasattr(valeur, "year") else str(valeur or "")


# --- The two gestures ---------------------------------------------------------------------------
@transaction.atomic
def fusionner(gardee, absorbee, *, par, repris=(), lignes_reprises=()):
    """Merge `absorbee` into `gardee` and return the Fusion.

    `repris` names the fields taken from the absorbed record even where the kept one has a value;
    blanks are always filled. `lignes_reprises` are "label:pk" of the rows of the absorbed record
    preferred to those they collide with. Both structures must bear the version that was read.
    """
    exiger(peut_fusionner(par, gardee, absorbee))
    exiger_aucun_manque(manques_pour_fusionner(gardee, absorbee))
    avant = {"gardee": _valeurs(gardee), "absorbee": _valeurs(absorbee)}
    vue = apercu(gardee, absorbee)
    deplaces, echanges = defaultdict(list), defaultdict(list)
    for lien, ici, la in vue.collisions:
        if f"{lien.cle[0]}:{la.pk}" in lignes_reprises:
            _echanger(lien, ici, la, gardee, absorbee, par)
            deplaces[tuple(lien.cle)].append(la.pk)
            echanges[tuple(lien.cle)].append(ici.pk)
    for lien, lignes in vue.deplacements:
        _deplacer(lien, lignes, gardee, par)
        deplaces[tuple(lien.cle)] += [ligne.pk for ligne in lignes]
    _reunir(gardee, absorbee, vue, set(repris))
    fusion = Fusion.objects.create(
        gardee=gardee,
        absorbee=absorbee,
        deplacements=[[*cle, cles] for cle, cles in deplaces.items()],
        echanges=[[*cle, cles] for cle, cles in echanges.items()],
        avant=avant,
        apres={"gardee": _valeurs(gardee), "absorbee": _valeurs(absorbee)},
        faite_par=par,
    )
    journaliser(gardee, f"« {avant['absorbee']['nom']} » fusionnée ici"[:200], par=par)
    journaliser(absorbee, f"Fusionnée dans « {gardee} »"[:200], par=par)
    return fusion


@transaction.atomic
def defaire(fusion, *, par):
    """Give back to each structure what it had, unless something since forbids it."""
    fusion = Fusion.objects.select_for_update().get(pk=fusion.pk)
    gardee, absorbee = fusion.gardee, fusion.absorbee
    exiger(peut_fusionner(par, gardee))
    exiger_aucun_manque(manques_pour_defaire(fusion))
    echanges = {(label, champ): cles for label, champ, cles in fusion.echanges}
    for label, champ, cles in fusion.deplacements:
        lien = lien_de(label, champ)
        pris = echanges.get((label, champ), [])
        couples = dict(zip(cles, pris, strict=False))  # those exchanged come first in both lists
        for la, ici in couples.items():
            _echanger(
                lien,
                lien.modele._base_manager.get(pk=la),
                lien.modele._base_manager.get(pk=ici),
                gardee,
                absorbee,
                par,
            )
        reste = [cle for cle in cles if cle not in couples]
        _deplacer(lien, list(lien.lignes(gardee).filter(pk__in=reste)), absorbee, par)
    _rendre(gardee, absorbee, fusion)
    fusion.defaite_le, fusion.defaite_par = horloge.maintenant(), par
    fusion.save()
    journaliser(gardee, f"Fusion avec « {absorbee} » défaite"[:200], par=par)
    journaliser(absorbee, f"Fusion dans « {gardee} » défaite"[:200], par=par)
    return fusion


def _deplacer(lien, lignes, structure, par):
    """Give rows to a structure, their version and their history told."""
    for ligne in lignes:
        setattr(ligne, lien.champ, structure)
    _ecrire(lien, lignes, par)


def _ecrire(lien, lignes, par):
    champs = [lien.champ]
    if issubclass(lien.modele, Verrouille):
        champs.append("version")  # who was editing one of them reads it again before saving
        for ligne in lignes:
            ligne.version += 1
    if hasattr(lien.modele, "history"):
        bulk_update_with_history(
            lignes,
            lien.modele,
            champs,
            default_user=par,
            default_change_reason="Fusion de structures",
            manager=lien.modele._base_manager,
        )
    else:
        lien.modele._base_manager.bulk_update(lignes, champs)


def _echanger(lien, ici, la, gardee, absorbee, par):
    """Swap two rows that the database refuses to see at the same place, even for an instant.

    The first one leaves its table and comes back under the same key: foreign keys are checked at
    the end of the transaction.
    """
    copie = lien.modele._base_manager.filter(pk=ici.pk)
    copie._raw_delete(copie.db)
    _deplacer(lien, [la], gardee, par)
    setattr(ici, lien.champ, absorbee)
    lien.modele._base_manager.bulk_create([ici])
    if hasattr(lien.modele, "history"):
        lien.modele.history.bulk_history_create([ici], update=True, default_user=par)


# --- The fields of the two records ----------------------------------------------------------------
def _valeur(structure, nom):
    champ = Structure._meta.get_field(nom)
    brut = getattr(structure, champ.attname)
    return None if brut is None else champ.value_to_string(structure)


def _valeurs(structure):
    noms = {champ.name for champ in Structure._meta.concrete_fields} - {"id", "version"}
    return {nom: _valeur(structure, nom) for nom in sorted(noms)}


def _poser(structure, valeurs, noms):
    for nom in noms:
        champ = Structure._meta.get_field(nom)
        brut = valeurs[nom]
        setattr(structure, champ.attname, None if brut is None else champ.to_python(brut))


def _reunir(gardee, absorbee, vue, repris):
    """Write the fields of both: the blanks filled, what was preferred taken, SIRET exchanged."""
    pris = [d for d in vue.differences if not d.gardee or d.nom in repris]
    siret = absorbee.siret
    for difference in pris:
        for nom in difference.champs:
            attribut = Structure._meta.get_field(nom).attname
            setattr(gardee, attribut, getattr(absorbee, attribut))
    if gardee.siret == siret and siret:
        for nom in DE_LA_VERIFICATION:
            setattr(gardee, nom, getattr(absorbee, nom))
    if gardee.siret:
        gardee.siret_absent = ""
    gardee.siren = gardee.siren or absorbee.siren
    gardee.departement_id = (
        gardee.commune.departement_id
        if gardee.commune_id
        else gardee.departement_id or absorbee.departement_id
    )
    ancien = type(gardee).toutes.values_list("siret", flat=True).get(pk=gardee.pk)
    absorbee.fusionnee_dans = gardee
    # Both numbers go on leading to the organisation: the absorbed record keeps the other one.
    _enregistrer(gardee, absorbee, ancien if gardee.siret == siret else siret)


def _rendre(gardee, absorbee, fusion):
    _poser(gardee, fusion.avant["gardee"], _changes(fusion))
    _poser(absorbee, fusion.avant["absorbee"], fusion.avant["absorbee"])
    _enregistrer(gardee, absorbee, fusion.avant["absorbee"]["siret"])


def _enregistrer(gardee, absorbee, siret):
    """Save both while no SIRET is ever borne twice."""
    absorbee.siret = None
    absorbee.save()
    gardee.save()
    if siret:
        absorbee.siret = siret
        absorbee.save()
