// @ts-check
// What a page needs before its widget is there. No inline scripts: the page's policy forbids them.
(() => {
  const ANSWER_WITHIN = 30000;

  // A page that the browser kept while its kernel ended must be fetched anew.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  const home = document.getElementById("barometer");
  const failed = document.getElementById("kernel-failed");
  if (home && failed) {
    home.removeAttribute("data-busy");
    home.replaceChildren(...failed.childNodes);
    return;
  }
  const explanation = document.getElementById("no-answer");
  if (!home || !(explanation instanceof HTMLTemplateElement)) return;

  // The widget replaces what stands in its home. While it has not, nobody has answered.
  const waiting = home.querySelector(".dashboard-status");
  setTimeout(() => {
    if (!waiting?.isConnected) return;
    home.removeAttribute("data-busy");
    home.replaceChildren(explanation.content.cloneNode(true));
  }, ANSWER_WITHIN);
})();
