/**
 * Puts the front-end packages that pages need into admin_web/static/vendor: `npm run build`.
 *
 * Of NL Design System's components only those that the pages use are taken over (COMPONENTS). The rules for rich text go
 * too: some 2000 `:has()` selectors that a browser would weigh anew at every change of a live table.
 */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import postcss from "postcss";

const COMPONENTS = [
  "alert", "body", "button", "button-group", "checkbox", "document", "form-field", "form-field-error-message",
  "form-label", "heading-1", "heading-2", "heading-3", "link", "page-header", "paragraph", "root", "select", "skip-link",
  "surface", "table", "table-container", "textbox",
];
const FONT_FILES = ["source-sans-3-latin-wght-normal.woff2", "source-sans-3-latin-ext-wght-normal.woff2"];

const require = createRequire(import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "admin_web", "static", "vendor");
const wanted = new RegExp(`\\.utrecht-(${COMPONENTS.join("|")})(?![a-z0-9]|-[a-z0-9])`);

function keep(selector) {
  return wanted.test(selector) && !selector.includes("rich-text");
}

const onlyUsedComponents = {
  postcssPlugin: "only-used-components",
  Once(css) {
    css.walkComments((comment) => { if (!comment.text.includes("@license")) comment.remove(); });
    css.walkRules((rule) => {
      if (rule.parent.type === "atrule" && rule.parent.name.endsWith("keyframes")) return;
      const selectors = rule.selectors.filter(keep);
      if (selectors.length) rule.selectors = selectors;
      else rule.remove();
    });
    css.walkAtRules((rule) => { if (rule.nodes && rule.nodes.length === 0) rule.remove(); });
  },
};

function packageFolder(name) {
  return dirname(require.resolve(`${name}/package.json`));
}

async function buildComponents() {
  const source = join(packageFolder("@utrecht/component-library-css"), "dist", "index.css");
  const result = await postcss([onlyUsedComponents]).process(await readFile(source, "utf8"), { from: source });
  await writeFile(join(target, "utrecht.css"), result.css);
}

async function copyFonts() {
  const files = join(packageFolder("@fontsource-variable/source-sans-3"), "files");
  await Promise.all(FONT_FILES.map((name) => copyFile(join(files, name), join(target, name))));
}

// The softphone's SIP over WebSocket, as one module: it comes as modules of Node.js.
async function bundleSip() {
  const options = { bundle: true, format: "esm", minify: true, legalComments: "eof", platform: "browser", target: "es2022" };
  await build({ ...options, entryPoints: [require.resolve("jssip")], outfile: join(target, "jssip.js"), logLevel: "error" });
}

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await Promise.all([buildComponents(), copyFonts(), bundleSip()]);
