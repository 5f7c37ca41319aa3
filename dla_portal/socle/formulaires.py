"""Forms: tolerant French input, the optimistic lock as a required field, once means once."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator
from stdnum.fr import siren, siret

from dla_portal.socle import envois, fichiers
from dla_portal.socle.saisies import ENTIER_MAX

DATE_HTML = {"type": "date"}
TEXTE_MAX = 5000  # characters in a long text field


class ChampDate(forms.DateField):
    """A date, typed as people do or picked in the browser's calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs=DATE_HTML)
    default_error_messages = {"invalid": "Indiquez une date valide, par exemple 20/11/2026."}


class ChampMoment(forms.DateTimeField):
    """A date and an hour of Europe/Paris."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    default_error_messages = {
        "invalid": "Indiquez une date et une heure valides, par exemple 20/11/2026 17:00."
    }


class ChampDecimal(forms.DecimalField):
    """A number typed with a comma or a dot, spaces and a euro sign allowed."""

    default_error_messages = {
        "invalid": "Indiquez un nombre, par exemple 1 234,50.",
        "min_value": "Indiquez un nombre supérieur ou égal à %(limit_value)s.",
        "max_value": "Ce nombre dépasse le maximum admis (%(limit_value)s).",
    }

    def __init__(self, **options):
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        options.setdefault("min_value", Decimal(0))
        options.setdefault("max_value", Decimal("99999999.99"))
        options.setdefault("decimal_places", 2)
        super().__init__(**options)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        texte = "".join(c for c in str(value) if c not in " \u00a0\u202f€").replace(",", ".")
        try:
            nombre = Decimal(texte)
        except InvalidOperation as erreur:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from erreur
        if not nombre.is_finite():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return nombre

    def prepare_value(self, value):
        return str(value).replace(".", ",") if isinstance(value, Decimal) else value


def valider_siret(valeur):
    """Return the 14 digits of a SIRET typed with any spacing, or raise ValidationError."""
    chiffres = "".join(c for c in str(valeur) if c.isalnum())
    if not (chiffres.isascii() and chiffres.isdigit()):
        raise ValidationError("Un SIRET ne contient que des chiffres.")
    if len(chiffres) != 14:
        raise ValidationError(f"Un SIRET compte 14 chiffres ; vous en avez saisi {len(chiffres)}.")
    if not siren.is_valid(chiffres[:9]):
        raise ValidationError("Les 9 premiers chiffres (SIREN) contiennent une erreur de saisie.")
    if not siret.is_valid(chiffres):
        raise ValidationError("Les 5 derniers chiffres (NIC) contiennent une erreur de saisie.")
    return chiffres


class ChampSiret(forms.CharField):
    """A SIRET, whatever the spaces; checked with its key (La Poste's exception included)."""

    def __init__(self, **options):
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        options.setdefault("help_text", "14 chiffres, espaces acceptés.")
        super().__init__(**options)

    def clean(self, value):
        value = super().clean(value)
        return valider_siret(value) if value else value


class ChampFichier(forms.FileField):
    """An upload whose content is checked at once; `extensions` narrows what is taken."""

    default_error_messages = {
        "invalid": "Le fichier n'a pas été reçu : choisissez-le de nouveau.",
        "empty": "Le fichier est vide.",
        "max_length": "Le nom du fichier est trop long.",
    }

    def __init__(self, *, extensions=(), **options):
        self.extensions = tuple(extensions)
        options.setdefault("max_length", 180)
        super().__init__(**options)
        if self.extensions:
            self.widget.attrs["accept"] = ",".join(f".{e}" for e in self.extensions)

    def clean(self, data, initial=None):
        televerse = super().clean(data, initial)
        if not televerse or televerse is initial:
            return televerse
        extension = televerse.name.rsplit(".", 1)[-1].lower()
        if self.extensions and extension not in self.extensions:
            attendus = ", ".join(e.upper() for e in self.extensions)
            raise ValidationError(
                f"Le fichier « {televerse.name} » n'est pas accepté : {attendus}."
            )
        fichiers.verifier(televerse.name, televerse.read())
        televerse.seek(0)
        return televerse


class ChampPdf(ChampFichier):
    """A PDF."""

    def __init__(self, **options):
        super().__init__(extensions=("pdf",), **options)


class FormulaireBase(forms.Form):
    """Plain form of a gesture; the messages are French sentences."""

    required_css_class = "requis"

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        adapter_champs(self)


class FormulaireObjet(FormulaireBase):
    """Form of a gesture which looks at its object.

    `REGLES` maps a field to `regle(objet, valeur) -> list of sentences`, shown at that field: the
    very rule that the transition demands again.
    """

    avec_objet = True
    REGLES = {}

    def __init__(self, *args, objet, **kwargs):
        self.objet = objet
        super().__init__(*args, **kwargs)

    def clean(self):
        donnees = super().clean()
        for nom, regle in self.REGLES.items():
            valeur = donnees.get(nom)
            manques = regle(self.objet, valeur) if valeur is not None else []
            if manques:
                self.add_error(nom, ValidationError(manques))
        return donnees


class FormulaireVersionne(FormulaireObjet):
    """Form about the parts of an object: carries the version of the object that was read."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": "Rechargez la page : sa version est inconnue."},
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        self.initial["version"] = objet.version


class FormulaireModele(forms.ModelForm):
    """Creating form: carries a key so that sending it twice creates one object."""

    cle_envoi = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.initial.setdefault("cle_envoi", envois.nouvelle_cle())
        adapter_champs(self)


class FormulaireGeste(forms.ModelForm):
    """Form of a gesture on an object, its fields those of the model; `gestes.servir` saves."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        adapter_champs(self)


class FormulaireNaissance(FormulaireBase):
    """Creating gesture without any field but its key."""

    cle_envoi = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("cle_envoi", envois.nouvelle_cle())


class FormulaireVerrouille(forms.ModelForm):
    """Editing form: the version read is required, and a stale one is refused (409)."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": "Rechargez la page : sa version est inconnue."},
    )

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        adapter_champs(self)

    def clean(self):
        donnees = super().clean()
        if "version" in donnees:
            # The compare-and-swap of `save()` then works on what the person has read.
            self.instance.version = donnees["version"]
        return donnees


def adapter_champs(formulaire):
    """Give every field its limits and the word « facultatif » where it may stay empty."""
    for champ in formulaire.fields.values():
        if type(champ) is forms.IntegerField and champ.max_value is None:
            champ.max_value = ENTIER_MAX
            champ.validators.append(MaxValueValidator(ENTIER_MAX))
        if champ.widget.is_hidden:
            continue
        if isinstance(champ.widget, forms.Textarea):
            champ.widget.attrs.setdefault("rows", 4)
            if getattr(champ, "max_length", 0) is None:
                champ.max_length = TEXTE_MAX
                champ.validators.append(MaxLengthValidator(TEXTE_MAX))
        if isinstance(champ, forms.DateField) and not isinstance(champ, ChampDate):
            champ.widget = forms.DateInput(format="%Y-%m-%d", attrs=DATE_HTML)
        se_dit = champ.label and not isinstance(champ, forms.BooleanField)
        if se_dit and not champ.required and "(facultatif)" not in str(champ.label):
            champ.label = f"{champ.label} (facultatif)"
