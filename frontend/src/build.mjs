// Makes the served styles: dkfds (what of it serves) and our own, one compressed file, and the two
// font weights they use. Run by `npm run build`; the vendor folder is emptied before.
import { copyFileSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "..", "node_modules");
const vendor = join(here, "..", "..", "src", "barometer_lib", "serve", "static", "vendor");
const LARGEST_STYLES = 60 * 1024;
const ICONS = ["chevron-down.svg", "chevron-up.svg", "chevron-down-gray-200.svg"];
const FONTS = {
  "IBMPlexSans-Regular-Latin1.woff2": "plex-regular.woff2",
  "IBMPlexSans-SemiBold-Latin1.woff2": "plex-semibold.woff2",
};

mkdirSync(join(vendor, "fonts"), { recursive: true });
const { css } = compile(join(here, "barometer.scss"), {
  loadPaths: [modules],
  style: "compressed",
  quietDeps: true,
  silenceDeprecations: ["if-function"],
});
if (css.length > LARGEST_STYLES) {
  throw new Error(`The styles weigh ${css.length} bytes; ${LARGEST_STYLES} are allowed.`);
}
writeFileSync(join(vendor, "barometer.css"), css);
const split = join(modules, "dkfds", "src", "fonts", "IBMPlexSans", "split", "woff2");
for (const [source, served] of Object.entries(FONTS)) {
  copyFileSync(join(split, source), join(vendor, "fonts", served));
}
mkdirSync(join(vendor, "img"), { recursive: true });
for (const icon of ICONS) {
  copyFileSync(join(modules, "dkfds", "src", "img", "svg-icons", icon), join(vendor, "img", icon));
}
copyFileSync(join(split, "license.txt"), join(vendor, "fonts", "LICENSE.txt"));
console.log(`barometer.css ${statSync(join(vendor, "barometer.css")).size} bytes`);
