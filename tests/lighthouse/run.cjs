// Lighthouse (mobile) on the addresses given as JSON on standard input; scores and what was found wanting as JSON on standard output.
// job: {addresses, browser, flags}

const { pathToFileURL } = require("node:url");

async function main() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const job = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  const { default: lighthouse } = await import(pathToFileURL(require.resolve("lighthouse")));
  const { launch } = await import(pathToFileURL(require.resolve("chrome-launcher")));
  const chrome = await launch({ chromePath: job.browser, chromeFlags: ["--headless=new", ...job.flags], logLevel: "silent" });
  const answer = {};
  try {
    for (const address of job.addresses) {
      const onlyCategories = ["performance", "accessibility", "best-practices"];
      const { lhr } = await lighthouse(address, { port: chrome.port, logLevel: "silent", onlyCategories });
      const scores = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]));
      const wanting = Object.values(lhr.audits)
        .filter(({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode !== "informative")
        .map(({ id, displayValue, details }) => ({
          id,
          value: displayValue,
          where: (Array.isArray(details?.items) ? details.items : []).slice(0, 3).map((item) => item.node?.snippet ?? item.url ?? item.description ?? item.source),
        }));
      const times = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "total-byte-weight"];
      answer[address] = { benchmark: lhr.environment.benchmarkIndex, scores, wanting, times: Object.fromEntries(times.map((id) => [id, lhr.audits[id].displayValue])) };
    }
  } finally {
    chrome.kill();
  }
  process.stdout.write(JSON.stringify(answer));
}

main().catch((error) => {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
});
