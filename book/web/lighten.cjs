// The one step on finished pages: light pages that ask no other address for anything.
//
// Jupyter Book's pages load 2.3 MB of styles, scripts and fonts, most of it never used. This gives them one style sheet
// with the rules they use, one deferred script, icons drawn in place and smaller charts, and removes what no page names.
// manyvectors/site/brought.py runs it when a build has written every page; the job comes as JSON on standard input:
// {site, cache, copied: folders from which Sphinx fills _static, live: whether code runs on the page}

const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const esbuild = require("esbuild");
const { PurgeCSS } = require("purgecss");
const subsetFont = require("subset-font");

const [STYLE, SCRIPT] = ["site.css", "site.js"];
const SHOWN = "search.js";
const MODULES = process.env.NODE_PATH; // where npm's packages are
const [FONTAWESOME, BOOTSTRAP, OPTIONS] = ["scripts/fontawesome.js", "scripts/bootstrap.js", "documentation_options.js"];
const MENUS = "menus.js"; // does the little that the pages need of Bootstrap's script
const LIVE_CODE = ["sphinx-thebe.js"]; // useful only with an address from which a server can start the book
// Our engine does what these do; Sphinx's search serves where npm's packages are missing.
const SPHINX_SEARCH = ["searchtools.js", "language_data.js", "sphinx_highlight.js"];
const INDEX = "searchindex.js";
const FIRST = ["doctools.js"]; // others use its names
// These only add buttons to code, which nobody misses at first: they are short tasks of their own, once the page has
// been drawn. A page that nobody looks at is not drawn, and has nothing to wait for.
const LATER = ["clipboard.min.js", "copybutton.js"];
const schedule = (parts) => `(() => {
  const parts = [${parts}];
  const next = () => {
    const part = parts.shift();
    if (!part) return;
    setTimeout(next);
    part.call(window);
  };
  document.hidden ? next() : requestAnimationFrame(() => setTimeout(next));
})();
`;
const FILLED_IN = ["basic.css", "pygments.css", OPTIONS, "language_data.js"]; // written by Sphinx itself
const PICTURES = /\.(png|svg|gif|jpg|webp|ico)$/;
const LICENCES = "Icons: Font Awesome Free by Fonticons, Inc., https://fontawesome.com/license/free (CC BY 4.0, SIL OFL 1.1)";

// What pages load when it is first needed: folder to the name that it sets, and the packages in it, whose licences are
// published beside it.
const ENGINES = {
  search: ["manyVectorsEngine", { minisearch: "LICENSE.txt", stemmer: "license" }],
  hashes: ["manyVectorsHashes", { "@noble/hashes": "LICENSE" }],
};

const read = (...parts) => fs.readFileSync(path.join(...parts), "utf8");
const digest = (text) => crypto.createHash("sha256").update(text).digest("hex").slice(0, 12);
const files = (folder) => fs.existsSync(folder)
  ? fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/")).sort()
  : [];

// --- Pages as trees ---------------------------------------------------------------------------------------------------

const attributes = (node) => Object.fromEntries((node.attrs ?? []).map(({ name, value }) => [name, value]));
const change = (node, changes) => {
  const merged = { ...attributes(node), ...changes };
  node.attrs = Object.entries(merged).filter(([, value]) => value !== null).map(([name, value]) => ({ name, value }));
};
const textOf = (node) => (node.childNodes ?? []).map((child) => child.value ?? textOf(child)).join("");
function* elements(node) {
  for (const child of [...(node.childNodes ?? []), ...(node.content?.childNodes ?? [])]) {
    if (child.tagName) yield child;
    yield* elements(child);
  }
}
const splice = (node, others) => {
  const { parentNode } = node;
  const place = parentNode.childNodes.indexOf(node);
  parentNode.childNodes.splice(place, 1, ...others.map((other) => Object.assign(other, { parentNode })));
};

// --- What pages name --------------------------------------------------------------------------------------------------

// Pages name assets from where they stand; a 404 page may do it from the root of the site.
function belowStatic(address) {
  const [before, asset] = (address ?? "").split("?")[0].split("_static/");
  return asset && !before.includes("://") && !before.startsWith("//") ? asset : null;
}
const styleOf = (node) => {
  const { rel, href } = attributes(node);
  return node.tagName === "link" && (rel ?? "").split(" ").includes("stylesheet") ? belowStatic(href) : null;
};
const scriptOf = (node) => (node.tagName === "script" ? belowStatic(attributes(node).src) : null);
const named = (page, kind) => [...new Set(page.elements.map(kind).filter(Boolean))];

// Scripts of one folder that on every page follow each other are one file, under the name of the last: so what pages share is
// loaded once, and none asks for many files. Those beside the folders stay apart, and libraries, without which a page may do.
// `lists`: of each page its scripts, in their order. Returns the name of each file to the scripts in it.
function joined(lists) {
  const [before, after, made] = [new Map(), new Map(), new Map()];
  const note = (map, name, other) => map.set(name, (map.get(name) ?? new Set()).add(other));
  for (const names of lists) names.forEach((name, i) => {
    note(before, name, names[i - 1]);
    note(after, name, names[i + 1]);
  });
  const folder = (name) => (name.endsWith(".min.js") ? "." : path.posix.dirname(name));
  const only = (found, name) => found.size === 1 && found.has(name);
  const goOn = (one, other) => folder(one) !== "." && folder(one) === folder(other) && only(after.get(one), other) && only(before.get(other), one);
  for (const names of lists) {
    let file = [];
    names.forEach((name, i) => {
      file.push(name);
      if (i + 1 < names.length && goOn(name, names[i + 1])) return;
      made.set(name, file);
      file = [];
    });
  }
  return made;
}

// --- What a page may do -----------------------------------------------------------------------------------------------
// A policy for the browser: nothing of another address, no script or style inside a page but those that it was built with.

const hash = (text) => `'sha256-${crypto.createHash("sha256").update(text).digest("base64")}'`;
const POLICY = "Content-Security-Policy";
const ADDRESSES = ["href", "src", "action", "formaction", "data", "xlink:href"];
const IS_SCRIPT = /^(javascript:|vbscript:|data:(text\/html|[^,]*xml))/i;

function policy(nodes) {
  const [scripts, styles] = [new Set(), new Set()];
  for (const node of nodes) {
    const given = attributes(node);
    if (node.tagName === "script" && !given.src && /^(|module|text\/javascript)$/.test(given.type ?? "")) scripts.add(hash(textOf(node)));
    if (node.tagName === "style") styles.add(hash(textOf(node)));
    for (const [name, value] of Object.entries(given)) {
      const kind = name === "style" ? styles : name.startsWith("on") ? scripts : null;
      kind?.add("'unsafe-hashes'").add(hash(value)); // of what stands in attributes, just these and no other
    }
  }
  return [
    "default-src 'self'", ["script-src 'self'", ...scripts].join(" "), ["style-src 'self'", ...styles].join(" "),
    "img-src 'self' data:", "font-src 'self' data:", "object-src 'none'", "base-uri 'none'", "form-action 'self'",
  ].join("; ");
}

// A link that was made from data must not turn out to be a script.
function refuseScripts(name, nodes) {
  for (const node of nodes) for (const [key, value] of Object.entries(attributes(node)))
    if (ADDRESSES.includes(key) && IS_SCRIPT.test(value.replace(/[\u0000-\u0020]/g, "")))
      throw new Error(`${name}: <${node.tagName} ${key}="${value.slice(0, 80)}"> would run as a script; mend the text or the table it came from`);
}

// Code that runs on the page comes from elsewhere and may do anything; such a book has no policy.
function guard(page, live, parseFragment) {
  const seen = [...elements(page.tree)];
  const inside = seen.filter((node) => node.tagName === "noscript").flatMap((node) => [...elements(parseFragment(textOf(node)))]);
  const nodes = [...seen, ...inside];
  refuseScripts(page.name, nodes);
  for (const node of nodes) {
    const { href, rel, onclick } = attributes(node);
    if (node.tagName === "a" && /^(https?:)?\/\//i.test(href ?? "")) change(node, { rel: [...new Set([...(rel ?? "").split(/\s+/), "noopener"])].join(" ").trim() });
    if (onclick === "window.print()") change(node, { onclick: null, "data-print": "" }); // book.js does it
  }
  if (live) return;
  const head = nodes.find((node) => node.tagName === "head");
  head.childNodes = head.childNodes.filter((node) => attributes(node)["http-equiv"] !== POLICY); // of an earlier build
  const first = head.childNodes.findIndex((node) => attributes(node).charset);
  const [meta] = parseFragment(`<meta http-equiv="${POLICY}" content="${policy(nodes)}">`).childNodes;
  head.childNodes.splice(first + 1, 0, Object.assign(meta, { parentNode: head }));
}

// --- Styles -----------------------------------------------------------------------------------------------------------

// A third of the elements of a chapter are names and brackets of code, in the colour that all code has: these are
// unwrapped, and a rule keeps the colour.
function plainCode(sheet) {
  const colours = [...sheet.matchAll(/^(.*)\.highlight \{.*?\bcolor: (#\w+)/gm)];
  const names = [...new Set([...sheet.matchAll(/\.highlight \.(\w+) \{/g)].map((match) => match[1]))];
  const same = colours.length ? names.filter((name) =>
    colours.every(([, scheme, colour]) => sheet.includes(`${scheme}.highlight .${name} { color: ${colour} }`))) : [];
  const span = new RegExp(`<span class="(?:${same.join("|")})">([^<]*)</span>`, "g");
  return {
    rules: colours.map(([, scheme, colour]) => `${scheme}.highlight pre { color: ${colour} }`).join("\n"),
    unwrap: (text) => same.length
      ? text.replace(/<div class="highlight"><pre>.*?<\/pre>/gs, (block) => block.replace(span, "$1")) : text,
  };
}

// One sheet below _static: with what it imports, and with addresses seen from there.
function sheet(folder, name) {
  const from = (address) => path.posix.normalize(path.posix.join(path.posix.dirname(name), address));
  return read(folder, name).replace(/\/\*# sourceMappingURL=.*?\*\//g, "").replace(/^\ufeff/, "")
    .replace(/@import\s*(?:url\()?["']?([^"')]+)["']?\)?\s*;/g, (_, address) => sheet(folder, from(address)))
    .replace(/url\(\s*(["']?)(?!data:|#|[a-z]+:|\/)([^"')]+)\1\s*\)/g, (_, quote, address) => `url(${from(address)})`);
}

// A script that says `--colour-${number}` names every variable that begins so.
const begun = (names) => names.filter((name) => /\w{3}-$/.test(name)).map((name) => new RegExp(`^${name}`));

async function purged(css, pages, scripts) {
  const found = { tags: new Set(["svg", "path"]), classes: new Set(["svg-inline--fa"]), ids: new Set(), attributes: new Set() };
  const words = new Set();
  for (const node of pages.flatMap((page) => [...elements(page.tree)])) {
    const given = attributes(node);
    found.tags.add(node.tagName);
    Object.keys(given).forEach((name) => found.attributes.add(name));
    (given.class ?? "").split(/\s+/).filter(Boolean).forEach((name) => found.classes.add(name));
    if (given.id) found.ids.add(given.id);
    if (node.tagName === "script") (textOf(node).match(/[\w-]+/g) ?? []).forEach((word) => words.add(word));
  }
  // Scripts add elements and classes while a page is read: any word in them may be one.
  for (const text of scripts) (text.match(/[\w-]+/g) ?? []).forEach((word) => words.add(word));
  const variables = [...new Set([...scripts, ...pages.map((page) => page.text)].flatMap((text) => text.match(/--[\w-]+/g) ?? []))];
  const seen = {
    attributes: { names: [...found.attributes], values: [] }, classes: [...found.classes], ids: [...found.ids],
    tags: [...found.tags], undetermined: [],
  };
  const nothing = { attributes: { names: [], values: [] }, classes: [], ids: [], tags: [] };
  // Attributes say what state a page is in (a colour scheme, an open dialogue); scripts set them at any time.
  const states = [...css.matchAll(/\[\s*([\w-]+)\s*[\]~|^$*=]/g)].map((match) => match[1]);
  const [result] = await new PurgeCSS().purge({
    content: [{ raw: "pages", extension: "pages" }, { raw: [...words].join(" "), extension: "words" }],
    css: [{ raw: css }],
    extractors: [
      { extensions: ["pages"], extractor: () => seen },
      { extensions: ["words"], extractor: (content) => ({ ...nothing, undetermined: content.split(" ") }) },
    ],
    dynamicAttributes: [...new Set(states)],
    safelist: { standard: ["html", "body", ...begun([...words])], variables: [...variables, ...begun(variables)] },
    variables: true,
    keyframes: true,
    fontFace: false, // fonts are named by way of variables; withIcons sees to them
  });
  return result.css;
}

// --- Icons ------------------------------------------------------------------------------------------------------------
// The theme brings some 2,000 in a script of 1.49 MB and in fonts; a page gets the drawings of the few that it shows.
// Rules that write an icon before or after an element need a font: they get one of just these icons, in the sheet.

const PACKS = { fas: "fas", "fa-solid": "fas", fa: "fas", far: "far", "fa-regular": "far", fab: "fab", "fa-brands": "fab" };
// Classes that say how large an icon is or how it is turned, not which it is.
const SIZES = new Set("2xs xs sm lg xl 2xl 1x 2x 3x fw spin rotate-90 rotate-180".split(" "));
const kept = (name) => !name.startsWith("fa-") || name in PACKS || SIZES.has(name.slice(3));
// The solid icons are the theme's; the other two fonts are there only for rules that ask for them.
const FACES = {
  "fa-regular-400": /font:[^;}]*var\(--fa-font-regular\)|\.far\b|\.fa-regular\b/,
  "fa-brands-400": /font:[^;}]*var\(--fa-font-brands\)|\.fab\b|\.fa-brands\b/,
};

function iconsOf(script) {
  const window = {};
  try {
    vm.runInNewContext(script, { window, document: undefined, navigator: { userAgent: "" } });
  } catch {
    // The drawings are registered first; what follows wants a page.
  }
  const { styles } = window.___FONT_AWESOME___ ?? {};
  if (!styles?.fas) throw new Error("no icons could be read out of the theme's fontawesome.js; compare iconsOf with it");
  return styles;
}

function draw(node, icons, parseFragment) {
  const given = attributes(node);
  const classes = (given.class ?? "").split(/\s+/).filter(Boolean);
  const pack = classes.map((name) => PACKS[name]).find(Boolean);
  const name = classes.find((one) => !kept(one))?.slice(3);
  if (!pack || !name) return;
  const found = icons[pack]?.[name] ?? Object.values(icons[pack] ?? {}).find(([, , others]) => others.includes(name));
  if (!found) throw new Error(`no icon of the theme is named ${given.class}; see https://fontawesome.com/v6/search`);
  const [width, height, , , drawing] = found;
  const { class: _, "aria-hidden": __, title, ...others } = given;
  const label = given["aria-label"] || title;
  const [drawn] = parseFragment(`<svg><path fill="currentColor" d="${drawing}"/></svg>`).childNodes;
  const called = Object.keys(icons[pack]).find((one) => icons[pack][one] === found);
  drawn.attrs = Object.entries({
    class: ["svg-inline--fa", ...classes.filter(kept)].join(" "), "data-icon": called, ...others,
    ...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" }), viewBox: `0 0 ${width} ${height}`,
  }).map(([key, value]) => ({ name: key, value }));
  splice(node, [drawn]);
}

async function withIcons(css, folder) {
  // A minifier may write the character itself.
  const points = new Set([...css.matchAll(/\\([ef][0-9a-f]{3})\b/g)].map((match) => String.fromCodePoint(parseInt(match[1], 16))));
  for (const letter of css) if (letter >= "\ue000" && letter <= "\uf8ff") points.add(letter);
  const parts = css.split(/(@font-face\s*\{[^}]*\})/);
  for (let i = 1; i < parts.length; i += 2) {
    const source = parts[i].match(/(?:\.\.\/)?(vendor\/[^)"']+?\.ttf)/);
    if (!source) continue;
    const asked = FACES[path.basename(source[1], ".ttf")];
    if (asked && !asked.test(css)) {
      parts[i] = "";
      continue;
    }
    const font = await subsetFont(fs.readFileSync(path.join(folder, source[1])), [...points].join(""), { targetFormat: "woff" });
    const address = `src:url(data:font/woff;base64,${font.toString("base64")})format("woff")`;
    parts[i] = parts[i].replace(/src:.*?(?=[;}]\s*(?:[\w-]+\s*:|$)|\})/s, address);
  }
  return parts.join("");
}

// --- Charts -----------------------------------------------------------------------------------------------------------

// Two decimals of a point are kept, a hundredth of what a screen can show.
async function lightenCharts(folder, cache) {
  const { optimize } = await import("svgo").catch(() => require("svgo"));
  fs.mkdirSync(cache, { recursive: true });
  for (const name of files(folder).filter((one) => one.endsWith(".svg"))) {
    const text = read(folder, name);
    if (!text.startsWith("<?xml")) continue; // not as matplotlib writes it
    const known = path.join(cache, `${digest(text + read(__filename))}.svg`);
    if (!fs.existsSync(known)) {
      const preset = { name: "preset-default", params: { overrides: { mergePaths: false } } };
      fs.writeFileSync(known, optimize(text, { floatPrecision: 2, plugins: [preset] }).data);
    }
    fs.copyFileSync(known, path.join(folder, name));
  }
}

// --- The step ---------------------------------------------------------------------------------------------------------

// With the packages that it imports, as a script that sets one name: a page that was opened from a folder loads no modules.
async function engine(folder, shape) {
  const [globalName, parts] = ENGINES[folder];
  const { outputFiles: [file] } = await esbuild.build({
    ...shape, entryPoints: [path.join(__dirname, folder, "engine.mjs")], bundle: true, write: false, format: "iife", globalName,
    nodePaths: [MODULES], banner: { js: `/* ${Object.keys(parts).join(", ")}: see *-LICENSE.txt */` },
  });
  const licences = Object.entries(parts).map(([name, file]) => [`${folder}/${name.replace(/\W+/g, "-").replace(/^-/, "")}-LICENSE.txt`, read(MODULES, name, file)]);
  return { [`${folder}/engine.js`]: file.text, ...Object.fromEntries(licences) };
}

async function lighten(job) {
  const { parse, parseFragment, serialize } = await import(require("node:url").pathToFileURL(require.resolve("parse5")));
  const folder = path.join(job.site, "_static");
  const code = plainCode(read(folder, "pygments.css"));
  const every = files(job.site).filter((name) => name.endsWith(".html") && !name.startsWith("_"))
    .map((name) => ({ name, text: code.unwrap(read(job.site, name)) }))
    .map((page) => ({ ...page, tree: parse(page.text) }))
    .map((page) => ({ ...page, elements: [...elements(page.tree)] }));
  const pages = every.filter((page) => named(page, styleOf).length); // the way to the cover and the page for missing addresses need nothing

  // A sheet of one page only comes after the sheets of all.
  const fewest = [...pages].sort((a, b) => named(a, styleOf).length - named(b, styleOf).length);
  const sheets = [...new Set(fewest.flatMap((page) => named(page, styleOf)))].filter((name) => job.live || name !== "sphinx-thebe.css");
  const tabs = pages.some((page) => page.text.includes("data-sync-id")); // a script keeps several in step
  const needed = (page) => named(page, scriptOf).map((name) => (name === BOOTSTRAP ? MENUS : name)).filter((name) =>
    ![FONTAWESOME, OPTIONS, ...SPHINX_SEARCH].includes(name) && (job.live || !LIVE_CODE.includes(name)) && (tabs || name !== "design-tabs.js"));
  const shared = needed(pages[0]).filter((name) => pages.every((page) => needed(page).includes(name)));
  const rooms = joined(pages.map((page) => needed(page).filter((name) => !shared.includes(name))));
  const extra = (page) => needed(page).filter((name) => rooms.has(name));

  const source = (name) => read(folder, name);
  const bundle = (names) => {
    const [first, later] = [FIRST, LATER].map((list) => list.filter((name) => names.includes(name)));
    // The theme's own scripts measure the page: before others add to it, or it would be laid out twice.
    const then = names.filter((name) => !first.includes(name) && !later.includes(name))
      .sort((a, b) => !a.includes("scripts/") - !b.includes("scripts/"));
    // A semicolon keeps the "use strict" of one script from reaching the others.
    const parts = [...first, ...then].map((name) => `;\n${source(name)}\n`);
    const tasks = later.map((name) => `function () {\n${source(name)}\n}`);
    return `${parts.join("")};\n${tasks.length ? schedule(tasks.join(",\n")) : ""}`;
  };
  const scripts = { [SCRIPT]: bundle(shared) };
  for (const [name, names] of rooms) scripts[name] = names.map(source).join("\n;\n");
  if (fs.existsSync(path.join(folder, SHOWN))) scripts[SHOWN] = source(SHOWN); // a page asks for it when its reader searches

  const icons = iconsOf(source(FONTAWESOME));
  for (const page of pages)
    for (const node of page.elements)
      if (["i", "span"].includes(node.tagName) && !textOf(node).trim() && !(node.childNodes ?? []).some((child) => child.tagName))
        draw(node, icons, parseFragment);

  const shape = { minify: true, charset: "utf8", legalComments: "inline", logLevel: "silent" };
  const all = [...sheets.map((name) => sheet(folder, name)), code.rules].join("\n");
  const css = (await esbuild.transform(await purged(all, pages, Object.values(scripts)), { ...shape, loader: "css" })).code;
  const made = { [STYLE]: `/* ${LICENCES} */\n${await withIcons(css, folder)}` };
  for (const [name, text] of Object.entries(scripts))
    made[name] = (await esbuild.transform(text, { ...shape, loader: "js" })).code.replace(/\n?\/\/# sourceMappingURL=\S+/g, "");
  for (const name of Object.keys(ENGINES)) Object.assign(made, await engine(name, shape));

  const version = (name) => digest(name in made ? made[name] : read(job.site, name));
  for (const page of pages)
    mendHead(page, { job, extra: extra(page), version, options: source(OPTIONS), fragment: (text) => parseFragment(text).childNodes });
  for (const page of every) {
    guard(page, job.live, parseFragment);
    fs.writeFileSync(path.join(job.site, page.name), serialize(page.tree));
  }
  removeUnused(folder, job, [...sheets, ...pages.flatMap((page) => named(page, scriptOf))], [...pages.map((page) => page.text), ...Object.values(made)].join("\n"));
  fs.rmSync(path.join(job.site, INDEX), { force: true });
  for (const [name, text] of Object.entries(made)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  const shown = [...pages.map((page) => page.text), ...Object.values(made)].join("\n");
  for (const name of files(path.join(job.site, "_images")))
    if (!shown.includes(path.basename(name))) fs.unlinkSync(path.join(job.site, "_images", name)); // of a figure that went
  await lightenCharts(path.join(job.site, "_images"), job.cache);
}

function mendHead(page, { job, extra, version, options, fragment }) {
  const scripts = [SCRIPT, ...extra];
  const bare = !page.elements.some((node) => node.tagName === "link" && /\bicon\b/.test(attributes(node).rel ?? ""));
  const seen = { style: false, script: false, viewport: false, texts: new Set() };
  const put = (node, text) => splice(node, fragment(text));
  for (const node of page.elements) {
    const given = attributes(node);
    if (styleOf(node)) {
      const before = given.href.split("_static/")[0];
      const link = `<link rel="stylesheet" href="${before}_static/${STYLE}?v=${version(STYLE)}">`;
      // Without an icon of the site every browser asks for one in vain.
      put(node, seen.style ? "" : link + (bare ? '<link rel="icon" href="data:,">' : ""));
      seen.style = true;
    } else if (node.tagName === "link" && given.rel === "preload") {
      put(node, "");
    } else if (node.tagName === "meta" && given.name === "viewport") {
      if (seen.viewport) put(node, "");
      seen.viewport = true;
    } else if (scriptOf(node)) {
      const before = given.src.split("_static/")[0];
      const deferred = scripts.map((name) => `<script defer src="${before}_static/${name}?v=${version(name)}"></script>`).join("");
      // The page's own lines in its head add to the options, and they run at once.
      const inline = scriptOf(node) === OPTIONS ? `<script>${options.replace(/\s+/g, " ")}</script>` : "";
      put(node, inline + (seen.script ? "" : deferred));
      seen.script = true;
    } else if (node.tagName === "script" && path.posix.basename((given.src ?? "").split("?")[0]) === INDEX) {
      put(node, "");
    } else if (node.tagName === "script" && !given.src) {
      const text = textOf(node).trim();
      const live = text.includes("THEBE_JS_URL") || given.type === "text/x-thebe-config" || text.includes("kernelName");
      const once = text.startsWith("const THEBE_JS_URL") || text.startsWith("var togglebuttonSelector");
      if ((live && !job.live) || (once && seen.texts.has(text))) put(node, "");
      else if (text.includes('dataset.theme = localStorage.getItem("theme") || "";')) {
        // Colours hang on the theme: without a choice of the reader the system's holds from the first paint on.
        const system = '(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")';
        put(node, `<script>${text.replace('getItem("theme") || ""', `getItem("theme") || ${system}`)
          .replace('getItem("mode") || ""', 'getItem("mode") || "auto"')}</script>`);
      }
      seen.texts.add(text);
    } else if (["button", "a"].includes(node.tagName) && given["data-bs-toggle"] === "tooltip") {
      // The browser's own tooltip says the same without a script.
      const title = given.title || given["data-bs-title"] || null;
      change(node, { title, "data-bs-toggle": null, "data-bs-placement": null });
    }
  }
}

// Only what Sphinx copies here, again in each build: files that other steps write are theirs.
function removeUnused(folder, job, replaced, text) {
  const sources = new Set(job.copied.flatMap(files).flatMap((name) => [name, name.replace(/_t$/, ""), name.replace(/\.jinja$/, "")]));
  for (const name of files(folder)) {
    const copied = sources.has(name) || FILLED_IN.includes(name) || replaced.includes(name);
    const used = (PICTURES.test(name) && text.includes(path.basename(name))) || /^(explorer|labs)\/data\//.test(name);
    if (copied && !used && !name.endsWith("LICENSE.txt")) fs.unlinkSync(path.join(folder, name));
  }
  const empty = (place) => {
    for (const entry of fs.readdirSync(place, { withFileTypes: true })) if (entry.isDirectory()) empty(path.join(place, entry.name));
    if (!fs.readdirSync(place).length) fs.rmdirSync(place);
  };
  empty(folder);
}

async function main() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  await lighten(JSON.parse(Buffer.concat(chunks).toString("utf8")));
}

main().catch((error) => {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
});
