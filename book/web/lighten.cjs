// Purges and minifies what manyvectors/web/weight.py hands over: one job as JSON on standard input, the answer as JSON on standard output.
// job: {css, scripts: {name: code}, found: {tags, classes, ids, attributes, words}, variables}

const { PurgeCSS } = require("purgecss");
const esbuild = require("esbuild");

async function purged(job) {
  const { tags, classes, ids, attributes, words } = job.found;
  const pages = { attributes: { names: attributes, values: [] }, classes, ids, tags, undetermined: [] };
  // Attributes say what state a page is in (a colour scheme, an open dialogue); scripts set them at any time.
  const states = [...job.css.matchAll(/\[\s*([\w-]+)\s*[\]~|^$*=]/g)].map((match) => match[1]);
  const [result] = await new PurgeCSS().purge({
    content: [
      { raw: "pages", extension: "pages" },
      { raw: words.join(" "), extension: "words" },
    ],
    css: [{ raw: job.css }],
    extractors: [
      { extensions: ["pages"], extractor: () => pages },
      { extensions: ["words"], extractor: (content) => ({ ...nothing, undetermined: content.split(" ") }) },
    ],
    dynamicAttributes: [...new Set(states)],
    safelist: { standard: ["html", "body", ...begun(words)], variables: [...job.variables, ...begun(job.variables)] },
    variables: true,
    keyframes: true,
    fontFace: false, // fonts are named by way of variables; weight.py sees to them
  });
  return result.css;
}

// A script that says `--colour-${number}` names every variable that begins so.
const begun = (names) => names.filter((name) => /\w{3}-$/.test(name)).map((name) => new RegExp(`^${name}`));

const nothing = { attributes: { names: [], values: [] }, classes: [], ids: [], tags: [] };

async function main() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const job = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  const shared = { minify: true, charset: "utf8", legalComments: "inline", logLevel: "silent" };
  const answer = { scripts: {} };
  answer.css = (await esbuild.transform(await purged(job), { ...shared, loader: "css" })).code;
  for (const [name, code] of Object.entries(job.scripts))
    answer.scripts[name] = (await esbuild.transform(code, { ...shared, loader: "js" })).code;
  process.stdout.write(JSON.stringify(answer));
}

main().catch((error) => {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
});
