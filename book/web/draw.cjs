// Draws the charts that readers download as pictures of dots, from the same SVG that the pages show.
//
// manyvectors/site/pictures.py runs it. The job comes as JSON on standard input: {width, pictures: {from: to}}. Letters
// in our charts are paths, so the machine's fonts play no part, and each machine draws the same.

const fs = require("node:fs");
const { initWasm, Resvg } = require("@resvg/resvg-wasm");

async function main() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const { width, pictures } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  await initWasm(fs.readFileSync(require.resolve("@resvg/resvg-wasm/index_bg.wasm")));
  for (const [from, to] of Object.entries(pictures)) {
    const drawing = new Resvg(fs.readFileSync(from, "utf8"), { fitTo: { mode: "width", value: width }, background: "white" });
    fs.writeFileSync(to, drawing.render().asPng());
  }
}

main().catch((error) => {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
});
