/* After « @ » in a comment, proposes the colleagues of the list « Prévenir », which works alone. */
(function () {
  "use strict";

  const MAXIMUM = 6; // names proposed at once
  const texte = document.querySelector("textarea[name=texte]");
  const cases = [...document.querySelectorAll("input[type=checkbox][name=prevenir]")];
  if (!texte || !cases.length) return;

  const HORS_EQUIPE = " (lit seulement";
  const personnes = cases.map((coche) => {
    const libelle = document.querySelector(`label[for="${coche.id}"]`).textContent.trim();
    const [nom, reste] = libelle.split(HORS_EQUIPE);
    return { coche, nom, horsEquipe: reste !== undefined };
  });

  const liste = document.createElement("ul");
  liste.className = "mentions-proposees";
  liste.hidden = true;
  liste.setAttribute("aria-label", "Personnes à mentionner");
  const annonce = document.createElement("p");
  annonce.className = "invisible-a-l-oeil";
  annonce.setAttribute("role", "status");
  texte.after(liste, annonce);

  function plier(mots) {
    return mots.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  /** What is typed after the last « @ », when the caret stands behind it. */
  function appel() {
    const avant = texte.value.slice(0, texte.selectionStart);
    const trouve = avant.match(/(?:^|[\s(])@([^@\n,;:!?()]{0,60})$/u);
    return trouve ? trouve[1] : null;
  }

  function interne() {
    const choix = document.querySelector("input[name=portee]:checked");
    return !choix || choix.value === "interne";
  }

  function fermer() {
    liste.hidden = true;
    liste.replaceChildren();
    annonce.textContent = "";
  }

  function choisir(personne) {
    const debut = texte.selectionStart - appel().length;
    texte.setRangeText(`${personne.nom} `, debut, texte.selectionStart, "end");
    personne.coche.checked = true;
    fermer();
    texte.focus();
    texte.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function proposer() {
    const debut = appel();
    if (debut === null || debut.endsWith(" ")) return fermer();
    const plie = plier(debut);
    const trouvees = personnes
      .filter(({ nom, horsEquipe }) => !(horsEquipe && interne()) && plier(nom).split(" ").some((mot, i, mots) => mots.slice(i).join(" ").startsWith(plie)))
      .slice(0, MAXIMUM);
    if (!trouvees.length) return fermer();
    liste.replaceChildren(
      ...trouvees.map((personne) => {
        const bouton = document.createElement("button");
        bouton.type = "button";
        bouton.textContent = personne.nom;
        bouton.addEventListener("click", () => choisir(personne));
        const ligne = document.createElement("li");
        ligne.append(bouton);
        return ligne;
      }),
    );
    liste.hidden = false;
    annonce.textContent = `${trouvees.length} personne${trouvees.length > 1 ? "s" : ""} : flèche vers le bas pour choisir.`;
  }

  texte.addEventListener("input", proposer);
  texte.addEventListener("keydown", (evenement) => {
    if (liste.hidden) return;
    if (evenement.key === "ArrowDown") {
      evenement.preventDefault();
      liste.querySelector("button").focus();
    } else if (evenement.key === "Escape") {
      evenement.stopPropagation();
      fermer();
    }
  });
  liste.addEventListener("keydown", (evenement) => {
    const boutons = [...liste.querySelectorAll("button")];
    const rang = boutons.indexOf(document.activeElement);
    if (evenement.key === "ArrowDown" || evenement.key === "ArrowUp") {
      evenement.preventDefault();
      const suivant = rang + (evenement.key === "ArrowDown" ? 1 : -1);
      (boutons[suivant] || texte).focus();
    } else if (evenement.key === "Escape") {
      evenement.stopPropagation();
      texte.focus();
      fermer();
    }
  });
})();
