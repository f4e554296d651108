// Charts by day, drawn by uPlot from what the page carries. A click on a day leads to its messages.
"use strict";

const colour = (tone) => getComputedStyle(document.documentElement).getPropertyValue(`--${tone}`).trim();

function stacked(series) {
  // Each bar stands on those before it, so they are drawn from the top down.
  const sums = [];
  let below = series[0].values.map(() => 0);
  for (const each of series) {
    below = below.map((sum, day) => sum + each.values[day]);
    sums.push(below);
  }
  return sums.reverse();
}

function drawn(series, kind, written) {
  const bars = window.uPlot.paths.bars({ size: [0.7, 40], radius: 0.15 });
  const order = kind === "bars" ? [...series].reverse() : series;
  return order.map((each) => ({
    label: each.name,
    stroke: colour(each.tone),
    fill: kind === "bars" ? colour(each.tone) : undefined,
    width: kind === "bars" ? 0 : 2,
    paths: kind === "bars" ? bars : undefined,
    points: { show: kind !== "bars", size: 5, fill: colour(each.tone) },
    spanGaps: true,
    value: (_, __, ___, day) => (day == null || each.values[day] == null ? "–" : written(each.values[day])),
  }));
}

function draw(figure) {
  const chart = JSON.parse(figure.dataset.chart);
  const days = JSON.parse(figure.dataset.days);
  const locale = figure.dataset.locale;
  const short = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const count = new Intl.NumberFormat(locale, { notation: "compact" });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const written = chart.kind === "share" ? (value) => share.format(value)
    : chart.kind === "seconds" ? (value) => `${whole.format(value)} s` : (value) => whole.format(value);
  const axis = chart.kind === "bars" ? (value) => count.format(value) : written;
  const moments = days.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000);
  const values = chart.kind === "bars" ? stacked(chart.series) : chart.series.map((each) => each.values);
  const plot = figure.querySelector(".plot");
  const grid = { stroke: colour("line"), width: 1 };
  const axes = { stroke: colour("soft"), font: "12px system-ui, sans-serif", ticks: { show: false } };
  const ranges = { share: (_, low) => [Math.min(low ?? 0.9, 0.9), 1], seconds: (_, __, high) => [0, Math.max(high ?? 1, 1)], bars: (_, __, high) => [0, Math.max(high ?? 1, 1) * 1.05] };
  const chosen = new window.uPlot({
    width: plot.clientWidth, height: 190, padding: [8, 12, 0, 0],
    tzDate: (moment) => new Date(moment * 1000 + new Date(moment * 1000).getTimezoneOffset() * 60000),
    cursor: { y: false, drag: { setScale: false }, points: { show: chart.kind !== "bars" } },
    scales: { x: { time: true, range: (_, low, high) => [low - 43200, high + 43200] }, y: { range: ranges[chart.kind] } },
    axes: [
      { ...axes, grid: { show: false }, values: (_, marks) => marks.map((mark) => short.format(mark * 1000)), space: 60, size: 30, gap: 8 },
      { ...axes, grid, values: (_, marks) => marks.map(axis), size: 56 },
    ],
    series: [{ label: "\u200b", value: (_, moment) => (moment == null ? "" : short.format(moment * 1000)) }, ...drawn(chart.series, chart.kind, written)],
    hooks: { ready: [today], draw: chart.target ? [(at) => line(at, chart.target)] : [] },
  }, [moments, ...values], plot);
  plot.onmouseleave = () => today(chosen);
  plot.addEventListener("click", () => {
    const day = days[chosen.cursor.idx];
    if (day) window.location = `${figure.dataset.href}?from=${day}&to=${day}`;
  });
  return chosen;
}

// What the legend says while nobody points at a day.
function today(chosen) {
  chosen.setLegend({ idx: chosen.data[0].length - 1 });
}

function line(at, value) {
  const y = at.valToPos(value, "y", true);
  at.ctx.save();
  at.ctx.strokeStyle = colour("soft");
  at.ctx.setLineDash([4, 4]);
  at.ctx.beginPath();
  at.ctx.moveTo(at.bbox.left, y);
  at.ctx.lineTo(at.bbox.left + at.bbox.width, y);
  at.ctx.stroke();
  at.ctx.restore();
}

document.addEventListener("DOMContentLoaded", () => {
  let plots = [];
  const all = () => {
    plots.forEach((plot) => plot.destroy());
    plots = [...document.querySelectorAll("[data-chart]")].map(draw);
  };
  afterPaint(all);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
  let later;
  window.addEventListener("resize", () => { clearTimeout(later); later = setTimeout(all, 150); });
});
