// A picture becomes an interactive chart when the reader asks for it: only then the chart library
// and the page's figures are loaded. Without this script every page is whole.
const own = document.currentScript;

/** @param {string} address */
function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

let loaded;

/** @param {HTMLElement} place @param {HTMLButtonElement} button */
async function draw(place, button) {
  button.disabled = true;
  loaded ??= Promise.all([load(own.dataset.bundle), load(own.dataset.figures)]);
  await loaded;
  const one = window.barometerFigures[place.dataset.chart];
  const box = document.createElement("div");
  box.style.height = `${one.height}px`;
  box.setAttribute("role", "figure");
  box.setAttribute("aria-label", one.label);
  place.replaceChildren(box);
  await window.Plotly.newPlot(box, one.figure.data, one.figure.layout, {
    displayModeBar: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    responsive: true,
  });
  button.remove();
}

for (const place of document.querySelectorAll("[data-chart]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button-link";
  button.textContent = document.documentElement.dataset.interactive;
  button.addEventListener("click", () => draw(place, button));
  const row = document.createElement("p");
  row.className = "actions";
  row.append(button);
  place.after(row);
}
