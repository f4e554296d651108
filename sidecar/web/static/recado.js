// What the pages cannot do by themselves. Without it everything works, with a click more.
"use strict";

// Tables that become cards where there is no room stay tables to screen readers.
const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TH: "columnheader", TD: "cell" };
function tellTables(root) {
  for (const table of root.querySelectorAll("table.list")) {
    for (const part of [table, ...table.querySelectorAll("thead, tbody, tr, th, td")]) {
      part.setAttribute("role", part.scope === "row" ? "rowheader" : ROLES[part.tagName]);
    }
  }
}

// One tick for all on the page.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-pick-all]")) return;
  for (const box of event.target.form.querySelectorAll("input[name=id]")) box.checked = event.target.checked;
});

// What cannot be undone is asked about.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
});

// Menus close by Escape, and when something else is clicked.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[name=menus][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[name=menus][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// The page is to be seen first.
const LATER = document.currentScript.dataset.later;
function afterPaint(then) {
  if (document.hidden) then();
  else new PerformanceObserver((_, observer) => { observer.disconnect(); then(); }).observe({ type: "paint", buffered: true });
}
window.addEventListener("load", () => afterPaint(() => {
  tellTables(document);
  document.head.append(Object.assign(document.createElement("script"), { src: LATER }));
}));
document.addEventListener("htmx:load", (event) => tellTables(event.target));
