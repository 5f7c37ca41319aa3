/* Keeps on the server what is being typed in a form that carries `data-brouillon`. */
(function () {
  "use strict";

  const ATTENTE = 4000; // ms after the first keystroke not yet kept
  const formulaire = document.querySelector("form[data-brouillon]");
  if (!formulaire) return;
  const etat = formulaire.querySelector("[data-etat-brouillon]");
  let minuterie = 0;
  let enCours = null;
  let remis = false;

  function dire(texte, alerte) {
    etat.textContent = texte;
    etat.classList.toggle("alerte", Boolean(alerte));
  }

  function saisie() {
    const champs = new URLSearchParams();
    for (const [nom, valeur] of new FormData(formulaire)) {
      if (typeof valeur === "string") champs.append(nom, valeur);
    }
    champs.append("adresse_brouillon", formulaire.dataset.adresse);
    return champs;
  }

  /** After a new sign-in the form needs the new anti-forgery token, to be kept and to be sent. */
  async function rafraichirJeton() {
    const reponse = await fetch(window.location.href, { redirect: "manual" });
    if (!reponse.ok) return;
    const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
    const neuf = page.querySelector("form[data-brouillon] [name=csrfmiddlewaretoken]");
    if (neuf) formulaire.elements.csrfmiddlewaretoken.value = neuf.value;
  }

  async function garder() {
    window.clearTimeout(minuterie);
    minuterie = 0;
    if (remis) return;
    enCours = new AbortController();
    try {
      const reponse = await fetch(formulaire.dataset.brouillon, {
        method: "POST",
        body: saisie(),
        redirect: "manual",
        keepalive: document.visibilityState === "hidden",
        signal: enCours.signal,
      });
      if (reponse.type === "opaqueredirect" || reponse.status === 403) {
        dire("Votre session est fermée : connectez-vous dans un autre onglet, cette saisie sera gardée ensuite.", true);
        await rafraichirJeton();
        programmer();
      } else if (!reponse.ok) {
        dire((await reponse.text()) || "La saisie n'a pas pu être gardée ; nouvel essai dans un instant.", true);
        if (reponse.status >= 500) programmer();
      } else if (reponse.status === 200) {
        dire(await reponse.text());
      }
    } catch (erreur) {
      if (erreur.name === "AbortError") return;
      dire("Le portail ne répond pas : votre saisie reste dans cette page ; nouvel essai dans un instant.", true);
      programmer();
    }
  }

  function programmer() {
    if (!minuterie && !remis) minuterie = window.setTimeout(garder, ATTENTE);
  }

  formulaire.addEventListener("input", programmer);
  formulaire.addEventListener("change", programmer);
  formulaire.addEventListener("submit", () => {
    remis = true;
    window.clearTimeout(minuterie);
    if (enCours) enCours.abort();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && minuterie) garder();
  });
  window.addEventListener("pageshow", (evenement) => {
    if (evenement.persisted) remis = false;
  });
})();
