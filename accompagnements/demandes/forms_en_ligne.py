"""Forms of the public page: two minutes, nothing more than the reception asks (Annex A.2)."""

from django import forms
from django.core import signing
from django.db.models import Case, When

from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.structures.regles import communes_possibles
from dla_portal.socle import horloge
from dla_portal.socle.formulaires import (
    ChampSiret,
    FormulaireBase,
    FormulaireModele,
    FormulaireObjet,
)
from dla_portal.socle.nomenclatures import Terme
from dla_portal.territoires.models import Departement, OperateurDLA

SEL = "demande-en-ligne"
SECONDES_MIN = 5  # nobody fills this form faster
HEURES_MAX = 12
COMMUNES_MAX = 12  # offered at once
AUTOREMPLIS = {
    "nom": "name",
    "fonction": "organization-title",
    "organisation": "organization",
    "courriel": "email",
    "telephone": "tel",
}
PIEGE = "site_de_votre_organisme"  # the field that a person does not see


def marque_du_temps():
    """Return the signed hour at which the form is shown."""
    return signing.dumps(int(horloge.maintenant().timestamp()), salt=SEL)


class _EnLigneForm(FormulaireModele):
    """What both forms share: the commune without JavaScript, the traps for robots."""

    ORIGINE = ""
    PARTIES = ()

    ouvert_a = forms.CharField(widget=forms.HiddenInput, required=False)
    siret = ChampSiret(
        label="SIRET", required=False, help_text="14 chiffres. Si vous ne l'avez pas, passez."
    )
    commune = forms.CharField(
        label="Commune", max_length=120, help_text="Nom ou code postal, par exemple « Aubagne »."
    )
    departement = forms.ModelChoiceField(
        label="Département", queryset=Departement.objects.none(), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.origine = self.ORIGINE
        self.initial["ouvert_a"] = marque_du_temps()
        self.fields["departement"].queryset = Departement.objects.all()
        self.fields["departement"].empty_label = "Je ne précise pas"
        self.possibles, self.sure = self._communes()
        if 0 < len(self.possibles) <= COMMUNES_MAX and not self.sure:
            self._proposer()
        for nom, liste in (("secteur", "secteur"), ("prescripteur", "prescripteur")):
            self.fields[nom].queryset = Terme.objects.de(liste).en_vigueur()
            self.fields[nom].empty_label = "Choisir"
        self.fields["objet"].widget.attrs["rows"] = 6
        for nom in AUTOREMPLIS.keys() & self.fields.keys():
            self.fields[nom].widget.attrs["autocomplete"] = AUTOREMPLIS[nom]

    def _communes(self):
        """What the commune typed may mean; nothing before it is typed."""
        if not self.is_bound:
            return [], False
        code = self.data.get("departement", "").strip()[:3]
        code = code if code.isascii() and code.isalnum() else ""
        return communes_possibles(self.data.get("commune", "")[:120], code)

    def _proposer(self):
        """The list of what the commune typed may mean, to choose from."""
        choix = [(c.pk, f"{c.codes_postaux.split('|')[0]} {c}") for c in self.possibles]
        champs = {}
        for nom, champ in self.fields.items():
            champs[nom] = champ
            if nom == "departement":
                champs["commune_choisie"] = forms.ChoiceField(
                    label="Laquelle de ces communes ?",
                    choices=choix,
                    widget=forms.RadioSelect,
                    required=False,
                )
        self.fields = champs

    @property
    def parties(self):
        """Sections of the page."""
        parties = []
        for titre, phrase, noms in self.PARTIES:
            champs = [self[nom] for nom in noms if nom in self.fields]
            parties.append({"titre": titre, "phrase": phrase, "champs": champs})
        return parties

    def clean_siret(self):
        return self.cleaned_data["siret"] or ""

    def clean(self):
        donnees = super().clean()
        if "commune" not in self.errors:
            self._choisir_la_commune(donnees)
        self._exiger_une_personne()
        return donnees

    def _choisir_la_commune(self, donnees):
        choisies = {commune.pk: commune for commune in self.possibles}
        commune = choisies.get(donnees.get("commune_choisie"))
        if commune is None and self.sure:
            commune = self.possibles[0]
        if commune is not None:
            self.instance.commune = commune
            self.instance.departement = commune.departement
        elif not self.possibles:
            self.add_error(
                "commune",
                "Aucune commune ne correspond : vérifiez le nom, ou tapez le code postal.",
            )
        elif "commune_choisie" not in self.fields:
            self.add_error(
                "commune", "Beaucoup de communes correspondent : tapez plutôt le code postal."
            )
        elif "commune_choisie" not in self.errors:
            self.add_error("commune_choisie", "Choisissez votre commune dans la liste.")

    def _exiger_une_personne(self):
        """Refuse what no person does; what was typed stays, and sending again is enough."""
        if self.data.get(PIEGE):
            self.add_error(None, "Un champ caché a été rempli : vérifiez, puis renvoyez.")
        try:
            ouvert_a = signing.loads(self.data.get("ouvert_a", ""), salt=SEL)
        except signing.BadSignature:
            return self._renouveler(
                "La page est incomplète : vérifiez votre saisie, puis renvoyez."
            )
        secondes = horloge.maintenant().timestamp() - ouvert_a
        if secondes < SECONDES_MIN:
            self.add_error(None, "C'est très rapide : relisez votre demande, puis renvoyez-la.")
        elif secondes > HEURES_MAX * 3600:
            self._renouveler("La page est restée ouverte longtemps : renvoyez votre demande.")
        return None

    def _renouveler(self, phrase):
        self.add_error(None, phrase)
        self.data = self.data.copy()
        self.data["ouvert_a"] = marque_du_temps()


_LIBELLES = {
    "structure_nom": "Nom de la structure",
    "objet": "Ce dont la structure a besoin",
    "nom": "Vos prénom et nom",
    "fonction": "Votre fonction",
    "courriel": "Votre courriel",
    "telephone": "Votre téléphone",
    "prescripteur": "Comment avez-vous connu le DLA ?",
}
_AIDES = {
    "objet": "Quelques phrases suffisent : la situation, ce qui préoccupe, ce que vous attendez.",
    "courriel": "Un message y arrive pour confirmer la demande.",
}
_STRUCTURE = ("structure_nom", "siret", "commune", "departement", "commune_choisie", "secteur")


class DemandeEnLigneForm(_EnLigneForm):
    """A structure asks for itself."""

    ORIGINE = DemandeEnLigne.Origine.STRUCTURE
    PARTIES = (
        ("Votre structure", "", _STRUCTURE),
        ("Votre besoin", "", ("objet",)),
        ("Vous", "", ("nom", "fonction", "courriel", "telephone", "prescripteur")),
    )

    class Meta:
        model = DemandeEnLigne
        fields = [
            "structure_nom",
            "siret",
            "secteur",
            "objet",
            "nom",
            "fonction",
            "courriel",
            "telephone",
            "prescripteur",
        ]
        labels = {**_LIBELLES, "objet": "Ce dont vous avez besoin"}
        help_texts = _AIDES


class DemandePrescripteurForm(_EnLigneForm):
    """A prescripteur writes for a structure which agrees to it."""

    ORIGINE = DemandeEnLigne.Origine.PRESCRIPTEUR
    PARTIES = (
        (
            "Vous",
            "",
            ("nom", "organisation", "fonction", "courriel", "telephone", "prescripteur"),
        ),
        ("La structure", "", _STRUCTURE),
        ("Son besoin", "", ("objet",)),
        (
            "Qui joindre dans la structure",
            "Vous pouvez ne pas le savoir : l'équipe DLA passera alors par vous.",
            ("contact_nom", "contact_courriel", "contact_telephone"),
        ),
        ("Son accord", "", ("accord_structure",)),
    )

    class Meta:
        model = DemandeEnLigne
        fields = [
            "nom",
            "organisation",
            "fonction",
            "courriel",
            "telephone",
            "prescripteur",
            "structure_nom",
            "siret",
            "secteur",
            "objet",
            "contact_nom",
            "contact_courriel",
            "contact_telephone",
            "accord_structure",
        ]
        labels = {
            **_LIBELLES,
            "organisation": "Votre organisation",
            "prescripteur": "Nature de votre organisation",
            "contact_nom": "Prénom et nom",
            "contact_courriel": "Courriel",
            "contact_telephone": "Téléphone",
            "accord_structure": "La structure sait que j'écris pour elle et accepte que je "
            "transmette son besoin et ses coordonnées.",
        }
        help_texts = _AIDES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].required = True
        self.fields["organisation"].label = "Votre organisation"
        accord = self.fields["accord_structure"]
        accord.required = True
        accord.error_messages["required"] = (
            "Demandez d'abord son accord à la structure, puis cochez cette case."
        )


class RenvoiForm(FormulaireBase):
    """Ask again for the link that confirms a request."""

    courriel = forms.EmailField(
        label="Votre courriel",
        help_text="L'adresse que vous avez indiquée dans la demande.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ConfierEnLigneForm(FormulaireObjet):
    """To which operator a request goes; those of the region come first."""

    operateur = forms.ModelChoiceField(
        label="Opérateur", queryset=OperateurDLA.objects.none(), empty_label="Choisir"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        d_ici = When(region=self.objet.departement.region_id, then=0)
        self.fields["operateur"].queryset = OperateurDLA.objects.order_by(
            Case(d_ici, default=1), "nom"
        )
