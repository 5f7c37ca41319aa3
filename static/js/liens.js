/* On a page reached by a personal link, what is typed in one form survives the sending of another.

   It stays in this tab's sessionStorage: a sealed proposition never lies on the server in clear.
   Codes, passwords and files are never kept. A form that was sent is forgotten, unless the server
   gives it back as it was typed. */
(function () {
  "use strict";

  if (!window.location.pathname.startsWith("/lien/")) return;
  // The receipt answers a POST: loading it again shows the page, it does not deposit once more.
  if (document.querySelector("[data-recepisse]")) window.history.replaceState(null, "", window.location.href);
  const CLE = `saisies:${window.location.pathname}`;
  const TUS = ["password", "file", "hidden", "submit", "button", "reset", "image"];
  const formulaires = [...document.querySelectorAll("main form")].filter((f) => f.method === "post");

  function lire() {
    try {
      return JSON.parse(sessionStorage.getItem(CLE)) || {};
    } catch {
      return {};
    }
  }

  function ecrire(saisies) {
    try {
      if (Object.keys(saisies).length) sessionStorage.setItem(CLE, JSON.stringify(saisies));
      else sessionStorage.removeItem(CLE);
    } catch {
      /* Storage is refused: the page works as it did without it. */
    }
  }

  function champs(formulaire) {
    return [...formulaire.elements].filter(
      (c) => c.name && !TUS.includes(c.type) && c.autocomplete !== "one-time-code" && c.tagName !== "BUTTON",
    );
  }

  /** What tells a form from the others of its page: its action and the names of its fields. */
  function nom(formulaire) {
    const bouton = formulaire.querySelector("button[name=action]");
    const noms = [...new Set(champs(formulaire).map((c) => c.name))];
    const rang = formulaires.filter((f) => f.querySelector(`button[value="${bouton ? bouton.value : ""}"]`));
    return [bouton ? bouton.value : "", Math.max(rang.indexOf(formulaire), 0), ...noms].join(" ");
  }

  function valeurs(formulaire) {
    return champs(formulaire).map((c) => (["checkbox", "radio"].includes(c.type) ? c.checked : c.value));
  }

  function change(champ) {
    if (["checkbox", "radio"].includes(champ.type)) return champ.checked !== champ.defaultChecked;
    if (champ.tagName === "SELECT") return [...champ.options].some((o) => o.selected !== o.defaultSelected);
    return champ.value !== champ.defaultValue;
  }

  function remettre(formulaire, gardees) {
    champs(formulaire).forEach((champ, rang) => {
      if (["checkbox", "radio"].includes(champ.type)) champ.checked = Boolean(gardees[rang]);
      else champ.value = gardees[rang];
    });
    const volet = formulaire.closest("details");
    if (volet) volet.open = true;
  }

  const saisies = lire();
  const retour = performance.getEntriesByType("navigation")[0];
  const revient = Boolean(retour) && retour.type === "back_forward";
  for (const formulaire of formulaires) {
    const cle = nom(formulaire);
    const gardee = saisies[cle];
    if (!gardee) continue;
    const rendue = JSON.stringify(valeurs(formulaire)) === JSON.stringify(gardee.valeurs);
    if (gardee.envoyee && !rendue && !revient) delete saisies[cle];
    else if (gardee.envoyee) gardee.envoyee = false;
    if (saisies[cle] && gardee.valeurs.length === champs(formulaire).length) remettre(formulaire, gardee.valeurs);
  }
  // A form no longer on the page (sent, and done with) leaves nothing behind.
  for (const cle of Object.keys(saisies)) if (saisies[cle].envoyee) delete saisies[cle];
  ecrire(saisies);

  function garder(formulaire, envoyee) {
    if (!champs(formulaire).length) return;
    const toutes = lire();
    const connue = toutes[nom(formulaire)];
    const refusee = formulaire.querySelector(".is-invalid");
    if (!connue && !refusee && !champs(formulaire).some(change)) return;
    toutes[nom(formulaire)] = { valeurs: valeurs(formulaire), envoyee };
    ecrire(toutes);
  }

  for (const formulaire of formulaires) {
    for (const geste of ["input", "change"]) formulaire.addEventListener(geste, () => garder(formulaire, false));
    formulaire.addEventListener("submit", () => {
      for (const autre of formulaires) garder(autre, autre === formulaire);
    });
  }
})();
