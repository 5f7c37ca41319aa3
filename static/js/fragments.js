/* Help that comes while typing: parts of a page asked to the server when some fields change, and
   buttons that fill fields. Pages work without it: the same checks are made at the sending. */
(function () {
  "use strict";

  const ATTENTE = 450; // ms without a keystroke

  for (const zone of document.querySelectorAll("[data-fragment]")) {
    const formulaire = document.querySelector("form.formulaire[method=post]");
    if (!formulaire) continue;
    const champs = zone.dataset.champs.split(" ").map((nom) => formulaire.elements[nom]).filter(Boolean);
    const ancre = document.getElementById(`div_id_${zone.dataset.apres}`);
    if (ancre) ancre.after(zone);
    let minuterie = 0;
    let enCours = null;
    let derniere = "";

    async function demander() {
      const questions = new URLSearchParams(champs.map((champ) => [champ.name, champ.value.trim()]));
      if (zone.dataset.sauf) questions.set("sauf", zone.dataset.sauf);
      if (String(questions) === derniere) return;
      derniere = String(questions);
      if (enCours) enCours.abort();
      enCours = new AbortController();
      try {
        const reponse = await fetch(`${zone.dataset.fragment}?${questions}`, {
          redirect: "manual",
          signal: enCours.signal,
        });
        if (reponse.ok) zone.innerHTML = await reponse.text();
      } catch {
        /* Abandoned for a later question, or no network: the form goes on without the help. */
      }
    }

    for (const champ of champs) {
      champ.addEventListener("input", () => {
        window.clearTimeout(minuterie);
        minuterie = window.setTimeout(demander, ATTENTE);
      });
      champ.addEventListener("change", demander);
    }
  }

  document.addEventListener("click", (evenement) => {
    const bouton = evenement.target.closest("[data-remplir]");
    if (!bouton) return;
    const formulaire = document.querySelector("form.formulaire[method=post]");
    const ecrases = (bouton.dataset.ecraser || "").split(" ");
    for (const [nom, valeur] of Object.entries(JSON.parse(bouton.dataset.remplir))) {
      const champ = formulaire.elements[nom];
      if (!champ || !valeur || (champ.value && !ecrases.includes(nom))) continue;
      champ.value = valeur;
      champ.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const dit = document.createElement("p");
    dit.className = "discret";
    dit.textContent = "Les champs sont remplis : relisez-les.";
    bouton.replaceWith(dit);
  });
})();
