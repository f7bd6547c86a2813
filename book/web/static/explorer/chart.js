/* Charts of lines over years: in one, or each in one of its own where nobody could say which is which. They are drawn by the library
uPlot; without it a line says so. */

(function () {
  "use strict";

  const { engine } = window.manyVectorsExplorer;
  const { WORLD, make, root } = engine;
  const ONE_CHART = 6; // lines in one chart: as many as colours and dashes keep apart
  const SURE = 3; // so many lines are one chart however near each other they run
  const NEAR = 0.06; // of the chart's height: two lines nearer than this in half of their years cannot be told apart
  const DASHES = [[], [9, 3], [3, 3], [12, 3, 3, 3], [6, 6], [2, 6]];

  const styleOf = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const colourOf = (who, place) =>
    styleOf(who === WORLD ? "--explorer-world" : place > ONE_CHART ? "--explorer-text" : `--explorer-${place + 1}`);

  // The state of the study keeps the first colour; the others take theirs in the order they were picked.
  function places(who, focus) {
    const others = who.filter((code) => code !== WORLD && code !== focus);
    return new Map(who.map((code) => [code, code === focus || code === WORLD ? 0 : others.indexOf(code) + 1]));
  }

  function range(series, frame) {
    const all = series.flatMap(({ points }) => points.flatMap((p) =>
      [p.rate, p.low, p.high, p.yearly].filter((value) => value !== null && value !== undefined)));
    const [least, most] = [Math.min(0, ...all), Math.max(0, ...all)];
    const [low, high] = frame.range || [least < 0 ? least * 1.05 : 0, most * 1.05 || 1];
    return [low, high];
  }

  // Whether some two of many lines run so near each other that nobody can say which is which.
  function inseparable(series, frame) {
    if (series.length <= SURE) return false;
    if (series.length > ONE_CHART) return true;
    const [low, high] = range(series, frame);
    return series.some((one, i) => series.slice(i + 1).some((other) => {
      const gaps = one.points.flatMap((p) => {
        const q = other.points.find((point) => point.year === p.year);
        return q && p.rate !== null && q.rate !== null ? [Math.abs(p.rate - q.rate) / (high - low)] : [];
      });
      return gaps.length && gaps.filter((gap) => gap < NEAR).length >= gaps.length / 2;
    }));
  }

  // One chart of some lines. `frame`: {span, eras, range, atYear(year)}; `small`: whether it stands among others.
  function chart(frame, holder, series, readout, small) {
    const [text, faint, paper] = ["--explorer-text", "--explorer-faint", "--explorer-paper"].map(styleOf);
    const years = [];
    for (let year = frame.span[0]; year <= frame.span[1]; year++) years.push(year);
    const column = (points, field) => years.map((year) => {
      const point = points.find((p) => p.year === year);
      return point && point[field] !== undefined ? point[field] : null;
    });
    const crowded = series.length > 3;
    const [data, drawn, bands] = [[years], [{}], []];
    for (const { who, place, points } of series) {
      const colour = colourOf(who, small ? Math.min(place, 1) : place);
      const at = data.length;
      data.push(...["rate", "low", "high", "yearly"].map((field) => column(points, field)));
      drawn.push(
        { stroke: colour, width: 2, dash: small || who === WORLD ? [] : DASHES[place % DASHES.length],
          points: { show: false } },
        { width: 0, points: { show: false } },
        { width: 0, points: { show: false } },
        { paths: () => null, points: { show: true, size: small || who === WORLD || crowded ? 4 : 6,
          width: crowded ? 1 : 1.5, stroke: colour, fill: paper } }
      );
      bands.push({ series: [at + 2, at + 1], fill: colour + (crowded ? "14" : "2e") });
    }
    const font = (size) => `${size}px ${getComputedStyle(root).fontFamily}`;
    const onCanvas = (u, draw) => {
      const scale = u.ctx.canvas.width / u.width;
      u.ctx.save();
      u.ctx.font = font(11 * scale);
      u.ctx.textAlign = "left"; // the library leaves its own
      draw(u.ctx, scale);
      u.ctx.restore();
    };
    const editions = (u) => onCanvas(u, (ctx, scale) => {
      ctx.strokeStyle = ctx.fillStyle = text;
      ctx.lineWidth = 0.8 * scale;
      ctx.setLineDash([3 * scale, 3 * scale]);
      for (const [name, year] of frame.eras.slice(1)) {
        const x = u.valToPos(year - 0.5, "x", true);
        ctx.beginPath();
        ctx.moveTo(x, u.bbox.top);
        ctx.lineTo(x, u.bbox.top + u.bbox.height);
        ctx.stroke();
        if (!small) ctx.fillText(name, x + 2 * scale, u.bbox.top - 4 * scale);
      }
    });
    const names = (u) => onCanvas(u, (ctx, scale) => {
      ctx.textBaseline = "middle";
      const ends = series.flatMap(({ who, place, points }) => {
        const last = points.filter((p) => p.rate !== null).pop();
        return last ? [{ who, colour: colourOf(who, place), y: u.valToPos(last.rate, "y", true),
          x: u.valToPos(last.year, "x", true) }] : [];
      }).sort((a, b) => b.y - a.y);
      // From the bottom upwards, so that no name stands on another.
      ends.forEach((end, i) => { if (i) end.y = Math.min(end.y, ends[i - 1].y - 13 * scale); });
      for (const { who, colour, x, y } of ends) {
        ctx.fillStyle = colour;
        ctx.fillText(who, x + 6 * scale, y);
      }
    });
    const axis = { stroke: text, font: font(12), ticks: { stroke: faint, width: 1 } };
    const plot = new window.uPlot({
      width: holder.clientWidth,
      height: small ? 150 : Math.max(300, Math.min(400, holder.clientWidth * 0.62)),
      padding: small ? [8, 14, 0, 0] : [18, 46, 0, 0], legend: { show: false }, series: drawn, bands,
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, range: () => [frame.span[0] - 0.6, frame.span[1] + 0.4] },
        y: { range: () => frame.range },
      },
      axes: [
        { ...axis, grid: { show: false }, incrs: [1, 2, 5, 10], space: 44, values: (u, found) => found.map(String) },
        { ...axis, grid: { stroke: faint, width: 1 }, size: 48 },
      ],
      hooks: {
        drawAxes: [editions],
        draw: small ? [] : [names],
        setCursor: [(u) => {
          const at = u.cursor.idx;
          readout.textContent = at === null || at === undefined ? readout.dataset.empty : frame.atYear(years[at]);
        }],
      },
    }, data, holder);
    // The library follows a mouse; a finger is led to the same place.
    const follow = (event) => {
      const box = plot.over.getBoundingClientRect();
      plot.setCursor({ left: event.touches[0].clientX - box.left, top: event.touches[0].clientY - box.top });
    };
    plot.over.addEventListener("touchstart", follow, { passive: true });
    plot.over.addEventListener("touchmove", follow, { passive: true });
    return plot;
  }

  // All lines in one chart, or each in one of its own on the same scale.
  function charts(frame, holder, series, readout, apart) {
    holder.replaceChildren();
    holder.classList.toggle("explorer-small", apart);
    if (!window.uPlot) {
      holder.append(make("p", say("explorer.charts")));
      return [];
    }
    const known = { ...frame, range: range(series, frame) };
    if (!apart) return [chart(known, holder, series, readout, false)];
    const boxes = series.map((one) => {
      const box = make("div", undefined, { class: "explorer-panel" });
      box.append(make("p", one.name));
      holder.append(box);
      return box;
    });
    // What is usual, where it is known, lies behind the line.
    return series.map((one, i) => chart(known, boxes[i], [...(one.usual ? [{ who: WORLD, place: 0, points: one.usual }] : []), one], readout, true));
  }

  Object.assign(engine, { charts, colourOf, inseparable, places });
})();
