/* The record of a state as the views read it: rows unpacked, a number as a reader has it, lines over years. A row is a number with
its interval, its n, its grade and its place among all states; manyvectors.export.states made them. */

(function () {
  "use strict";

  const { engine } = window.manyVectorsExplorer;
  const { make, number } = engine;

  // Rows -----------------------------------------------------------------------------------------------------------

  // The inverse of manyvectors.export.states.rows.packed: a column of rows; one value for all; few values and where each stands; or
  // thousandths, read as decimals, so that none is a hair beside what the table has.
  const valueOf = (column, i) => {
    if (Array.isArray(column)) return column[i];
    if (column === null || typeof column !== "object") return column;
    if (column.of) return column.of[parseInt(column.at[i], 36)];
    return column.thousandths[i] === null ? null : Number(`${column.thousandths[i]}e-3`);
  };
  function rowsOf(data, name) {
    const packed = data.tables[name];
    if (!packed) return [];
    const columns = Object.entries(packed).filter(([key]) => key !== "rows");
    return Array.from({ length: packed.rows }, (_, i) => ({
      part: "", year: "", estimate: null, low: null, high: null, n: null, rank: null, of: null,
      ...Object.fromEntries(columns.map(([key, column]) => [key, valueOf(column, i)])),
    }));
  }

  const only = (data, name, year = "", part = "") => rowsOf(data, name).find((row) => String(row.year) === year && row.part === part) || null;

  const cell = (value) => (value === null || value === undefined ? "" : String(value));
  const COLUMNS = ["measure", "part", "year", "estimate", "low", "high", "n", "rank", "of", "among", "grade"];
  // All rows of a state with its reasons, as the archive of tables has them (manyvectors.export.states.rows).
  const MORE = ["rate", "reference", "oftener", "words", "stability", "hits", "kind", "power", "often", "own_p", "t", "moved", "series"];
  const WHOLE = ["view", ...COLUMNS, "why", ...MORE];
  const whole = (data) => ({
    columns: WHOLE,
    rows: [
      ...Object.keys(data.tables).flatMap((name) => rowsOf(data, name).map((row) => [...name.split("."), ...COLUMNS.slice(1).map((key) => cell(row[key])), "", ...MORE.map((key) => cell(row[key]))])),
      ...data.missing.map(([where, measure, part, year, why]) => [where, measure, part, year, "", "", "", "", "", "", "", "", why, ...MORE.map(() => "")]),
    ],
  });

  // Numbers, and lines over years ------------------------------------------------------------------------------------

  const digits = (value) => (value === null ? say("state.none") : Math.abs(value) >= 100 ? number(Math.round(value))
    : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2)).replace("-", "−");
  const tenths = (value) => value.toFixed(1);
  const share = (value) => (value === null ? say("state.none") : `${(100 * value).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`);
  const ends = (row, written = digits) => (row.low === null ? "" : say("state.interval", { low: written(row.low), high: written(row.high) }));
  // How many times as often; without end if the others never say the word.
  const times = (n) => say("state.times", { n: n === null ? say("state.endless") : n === 0 ? "0" : n >= 100 ? number(Math.round(n)) : n >= 10 ? n.toFixed(0) : n >= 1 ? n.toFixed(1) : n.toFixed(2) });
  const years = (span) => String(span).replace("-", "–");

  // A chart of lines over years, drawn as words and votes are.
  function lines(series, { span, range, eras = [["", 0]], label, apart = false, up = "", down = "" }) {
    const holder = make("div", undefined, { class: "explorer-chart states-lines", role: "img", "aria-label": label });
    const readout = make("p", "", { class: "explorer-readout" });
    readout.dataset.empty = say("state.readout");
    readout.textContent = readout.dataset.empty;
    const frame = {
      span, range, eras,
      atYear: (year) => engine.inYear(year, series.map(({ name, points, usual = [] }) => {
        const [p, all] = [points, usual].map((several) => several.find((point) => point.year === year));
        const own = p && p.rate !== null ? `${digits(p.rate)}${engine.between(p, digits)}` : say("state.none");
        return engine.toldOf(name, all ? say("state.beside-usual", { own, low: digits(all.low), high: digits(all.high) }) : own);
      })),
    };
    const body = make("div");
    body.append(...(up ? [make("p", up, { class: "explorer-note states-end" })] : []), holder, ...(down ? [make("p", down, { class: "explorer-note states-end" })] : []), readout);
    return { body, draw: () => engine.charts(frame, holder, series, readout, apart) };
  }
  const pointsOf = (rows) => rows.map((row) => ({ year: Number(row.year), rate: row.estimate, low: row.low, high: row.high }));

  window.manyVectorsExplorer.records = Object.freeze({
    COLUMNS, cell, digits, ends, lines, only, pointsOf, rowsOf, share, tenths, times, whole, years,
  });
})();
