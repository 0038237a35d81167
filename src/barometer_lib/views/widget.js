// @ts-check
/**
 * Draws what Python decided. The contract (messages, page, what the html may contain) is written in
 * widget.py beside this file.
 *
 * On a served page the widget draws into the template's own <div id="barometer"> and keeps the
 * address in step; in JupyterLab it draws where it stands and leaves the address alone.
 *
 * Every choice first empties the page, then asks, then draws: a failed answer never leaves the old
 * picture under the new choice.
 *
 * @typedef {{value: string, label: string, group?: string}} Option
 * @typedef {{id: string, label: string, options: Option[], value: string}} Control
 * @typedef {{id: string, figure: any, height: number, label: string}} Chart
 * @typedef {{id: string, filename: string, mime: string, text: string}} Download
 * @typedef {{lang: string, title: string, controls: Control[], state: Record<string, string>,
 *   html: string, charts: Chart[], downloads?: Download[], error: string | null, serial: number}} Page
 */

const ANSWER_WITHIN = 15000;
const BEAT_EVERY = 20000;
const BEAT_WITHIN = 10000;

const CHART_CONFIG = {
  displayModeBar: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  showTips: false,
  displaylogo: false,
  responsive: true,
};

/**
 * Plotly's words for a language other than its own English: calendar names, comma and point.
 * @param {string} lang
 * @param {Record<string, string>} words
 */
function chartLocale(lang, words) {
  const names = (/** @type {string} */ key) => words[key].split(" ");
  return {
    moduleType: "locale",
    name: lang,
    dictionary: {},
    format: {
      days: names("days"),
      shortDays: names("short_days"),
      months: names("months"),
      shortMonths: names("short_months"),
      date: "%d.%m.%Y",
      decimal: ",",
      thousands: ".",
    },
  };
}

/** @type {Promise<any> | undefined} */
let plotly;

/** The one Plotly bundle, fetched from this server when the first chart needs it. */
function loadPlotly() {
  const address = document.documentElement.dataset.plotly;
  plotly ??= new Promise((resolve, reject) => {
    const ready = () => {
      const library = /** @type {any} */ (window).Plotly;
      if (!library) return reject(new Error("no plotly"));
      return resolve(library);
    };
    if (/** @type {any} */ (window).Plotly) return ready();
    if (!address) return reject(new Error("no plotly address"));
    const script = document.createElement("script");
    script.src = address;
    script.onload = ready;
    script.onerror = () => reject(new Error("plotly not loaded"));
    return document.head.append(script);
  });
  plotly.catch(() => { plotly = undefined; });
  return plotly;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children
 */
function element(tag, attributes = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {Control} control */
function drawControl(control) {
  const id = `control-${control.id}`;
  const select = element("select", { id, name: control.id, class: "form-select" });
  /** @type {Map<string, HTMLElement>} */
  const groups = new Map();
  for (const option of control.options) {
    const drawn = element("option", { value: option.value }, [option.label]);
    if (option.value === control.value) drawn.setAttribute("selected", "");
    if (option.group && !groups.has(option.group)) {
      const group = element("optgroup", { label: option.group });
      groups.set(option.group, group);
      select.append(group);
    }
    (option.group ? groups.get(option.group) ?? select : select).append(drawn);
  }
  return element("div", { class: "form-group control" }, [
    element("label", { for: id, class: "form-label" }, [control.label]),
    select,
  ]);
}

/** @param {Download} download */
function save(download) {
  const address = URL.createObjectURL(new Blob([download.text], { type: download.mime }));
  element("a", { href: address, download: download.filename }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

class View {
  /** @param {{model: any, el: HTMLElement}} given */
  constructor({ model, el }) {
    this.model = model;
    this.home = document.getElementById("barometer");
    this.root = this.home ?? el;
    this.served = this.home !== null;
    this.lang = this.served && document.documentElement.lang === "en" ? "en" : "da";
    this.words = model.get("words")[this.lang];
    /** @type {Record<string, string>} */
    this.state = {};
    this.serial = 0;
    this.waiting = false;
    this.silent = false;
    /** @type {{id: string, top: number} | undefined} */
    this.held = undefined;
    this.writeAddress = "replace";
    this.controls = element("form", { class: "controls", "aria-label": this.words.choices });
    this.alert = element("div", { class: "dashboard-alert" });
    this.status = element("div", { role: "status", class: "dashboard-status" });
    this.content = element("div", { class: "dashboard-content", tabindex: "-1" });
    this.root.classList.add("barometer");
    this.root.replaceChildren(this.controls, this.alert, this.status, this.content);
    this.listen();
  }

  listen() {
    const signal = (this.ending = new AbortController()).signal;
    this.controls.addEventListener("submit", (event) => event.preventDefault(), { signal });
    this.controls.addEventListener("change", (event) => {
      const control = /** @type {HTMLSelectElement} */ (event.target);
      this.choose({ ...this.state, [control.name]: control.value }, "push");
    }, { signal });
    this.content.addEventListener("click", (event) => this.follow(event), { signal });
    this.content.addEventListener("input", (event) => this.tell(event), { signal });
    this.content.addEventListener("change", (event) => this.pack(event), { signal });
    if (this.served) {
      window.addEventListener("popstate", () => this.choose(addressState(), "replace"), { signal });
    }
    this.onPage = () => this.draw(this.model.get("page"));
    this.onMessage = (/** @type {any} */ message) => {
      if (message?.kind === "beat") this.heard();
    };
    this.model.on("change:page", this.onPage);
    this.model.on("msg:custom", this.onMessage);
    this.beating = setInterval(() => this.beat(), BEAT_EVERY);
  }

  stop() {
    this.ending?.abort();
    this.model.off("change:page", this.onPage);
    this.model.off("msg:custom", this.onMessage);
    clearInterval(this.beating);
    clearTimeout(this.answering);
    clearTimeout(this.listening);
    this.blank();
  }

  /**
   * @param {Record<string, string>} state
   * @param {"push" | "replace"} address how the answer's state gets into the address
   */
  choose(state, address) {
    this.blank();
    this.state = state;
    this.writeAddress = address;
    this.serial += 1;
    this.waiting = true;
    this.status.textContent = this.words.loading;
    this.busy(true);
    clearTimeout(this.answering);
    this.answering = setTimeout(() => this.lost(), ANSWER_WITHIN);
    this.model.send({ kind: "choose", state, serial: this.serial });
  }

  /** @param {Page} page */
  draw(page) {
    if (!page || page.serial !== this.serial) return;
    clearTimeout(this.answering);
    this.waiting = false;
    this.heard();
    this.blank();
    this.status.textContent = "";
    this.busy(false);
    if (page.error) {
      this.keepAddress(this.state);
      this.warn(page.error);
      return;
    }
    this.page = page;
    this.state = page.state;
    this.keepAddress(page.state);
    this.drawControls(page.controls);
    this.content.innerHTML = page.html;
    this.reopen();
    if (page.title) {
      this.status.textContent = this.words.shown.replace("[title]", page.title);
      if (this.served) document.title = `${page.title} · ${document.documentElement.dataset.site}`;
    }
    this.sizeCharts(page.charts ?? []);
    this.release();
    this.drawCharts(page.charts ?? [], page.serial);
  }

  /**
   * Charts have their height before they are drawn: what stands below does not jump.
   * @param {Chart[]} charts
   */
  sizeCharts(charts) {
    for (const chart of charts) {
      const place = /** @type {HTMLElement | null} */ (
        this.content.querySelector(`[data-chart="${CSS.escape(chart.id)}"]`));
      if (place) place.style.minHeight = `${chart.height}px`;
    }
  }

  /** @param {boolean} busy whether an answer is awaited */
  busy(busy) {
    this.root.toggleAttribute("data-busy", busy);
    this.content.setAttribute("aria-busy", String(busy));
  }

  /** Nothing of the old picture stays. */
  blank() {
    const library = /** @type {any} */ (window).Plotly;
    for (const chart of this.content.querySelectorAll("[data-chart]")) library?.purge(chart);
    this.opened = new Set(
      [...this.content.querySelectorAll("details[open][id]")].map((details) => details.id));
    if (this.content.childElementCount === 0 && this.kept) this.opened = this.kept;
    this.kept = this.opened;
    this.content.replaceChildren();
    this.alert.replaceChildren();
    this.page = undefined;
  }

  reopen() {
    for (const id of this.kept ?? []) {
      const details = this.content.querySelector(`details[id="${CSS.escape(id)}"]`);
      details?.setAttribute("open", "");
    }
  }

  /** @param {Control[]} controls */
  drawControls(controls) {
    const focused = document.activeElement?.id ?? "";
    this.controls.replaceChildren(...controls.map(drawControl));
    if (focused.startsWith("control-")) document.getElementById(focused)?.focus();
  }

  /**
   * @param {Chart[]} charts
   * @param {number} serial
   */
  async drawCharts(charts, serial) {
    for (const chart of charts) {
      const place = /** @type {HTMLElement | null} */ (
        this.content.querySelector(`[data-chart="${CSS.escape(chart.id)}"]`));
      if (!place) continue;
      place.setAttribute("role", "figure");
      place.setAttribute("aria-label", chart.label);
      place.style.height = `${chart.height}px`;
      try {
        const library = await loadPlotly();
        if (serial !== this.serial || !place.isConnected) return;
        const layout = { ...chart.figure.layout, height: chart.height, autosize: true };
        if (this.lang !== "en") library.register(chartLocale(this.lang, this.words));
        layout.separators = this.lang === "en" ? ".," : ",.";
        await library.react(place, chart.figure.data, layout, { ...CHART_CONFIG, locale: this.lang });
      } catch (problem) {
        if (serial !== this.serial) return;
        console.error(problem);
        place.style.height = "";
        place.textContent = this.words.no_chart;
      }
    }
  }

  /** @param {Event} event */
  follow(event) {
    const click = /** @type {MouseEvent} */ (event);
    const link = /** @type {HTMLElement} */ (click.target).closest("[data-state], [data-download]");
    if (!(link instanceof HTMLElement)) return;
    if (link.dataset.download !== undefined) {
      click.preventDefault();
      const wanted = this.page?.downloads?.find((one) => one.id === link.dataset.download);
      if (wanted) save(wanted);
      return;
    }
    if (click.ctrlKey || click.metaKey || click.shiftKey || click.button !== 0) return;
    const href = new URL(link.getAttribute("href") ?? "", location.href);
    if (this.served && href.pathname !== location.pathname) return;
    click.preventDefault();
    this.choose({ ...this.state, ...JSON.parse(link.dataset.state ?? "{}") }, "push");
    this.content.focus({ preventScroll: true });
    this.root.scrollIntoView({ block: "nearest" });
  }

  /**
   * The number beside a slider follows it while it moves.
   * @param {Event} event
   */
  tell(event) {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.dataset.pack) return;
    const shown = this.content.querySelector(`output[for="${CSS.escape(input.id)}"]`);
    if (shown) shown.textContent = Number(input.value).toLocaleString(this.lang);
  }

  /**
   * All inputs of one `data-pack` are one choice: "2:10 5:3", without those that stand at rest.
   * @param {Event} event
   */
  pack(event) {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.dataset.pack) return;
    const name = input.dataset.pack;
    const items = [];
    for (const one of this.content.querySelectorAll(`[data-pack="${CSS.escape(name)}"]`)) {
      const each = /** @type {HTMLInputElement} */ (one);
      if (each.type === "checkbox") items.push(...(each.checked ? [each.name] : []));
      else if (each.value !== each.dataset.rest) items.push(`${each.name}:${each.value}`);
    }
    this.hold(input.id);
    this.choose({ ...this.state, [name]: items.join(" ") }, "push");
  }

  /**
   * The page keeps its height and place while it is blank, and the input its focus afterwards.
   * @param {string} id
   */
  hold(id) {
    this.content.style.minHeight = `${this.content.offsetHeight}px`;
    const top = document.getElementById(id)?.getBoundingClientRect().top ?? 0;
    this.held = { id, top };
  }

  /** The held input is where it was, with its focus. */
  release() {
    const held = this.held;
    if (!held) return;
    this.held = undefined;
    const input = document.getElementById(held.id);
    if (input) {
      input.focus({ preventScroll: true });
      window.scrollBy(0, input.getBoundingClientRect().top - held.top);
    }
    this.content.style.minHeight = "";
  }

  /** @param {Record<string, string>} state what the page shows; a link to it shows the same */
  keepAddress(state) {
    if (!this.served) return;
    const address = new URL(location.href);
    address.search = new URLSearchParams(state).toString();
    const same = address.href === location.href;
    if (this.writeAddress === "push" && !same) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    for (const link of document.querySelectorAll("a[data-switch]")) {
      const [name, value] = link.getAttribute("data-switch")?.split("=") ?? [];
      // The two datasets share no id: a switch between them keeps the language alone.
      const kept = new URLSearchParams(name === "dataset" ? { lang: this.lang } : state);
      if (name && value) kept.set(name, value);
      link.setAttribute("href", `?${kept}`);
    }
  }

  beat() {
    if (this.waiting || document.hidden) return;
    clearTimeout(this.listening);
    this.listening = setTimeout(() => this.lost(), BEAT_WITHIN);
    this.model.send({ kind: "beat" });
  }

  /** Python is there: if it was given up, ask again for what the page should show. */
  heard() {
    clearTimeout(this.listening);
    if (!this.silent) return;
    this.silent = false;
    if (!this.waiting) this.choose(this.state, "replace");
  }

  /** No answer: say so, and leave nothing that looks alive. */
  lost() {
    this.silent = true;
    this.waiting = false;
    this.blank();
    this.status.textContent = "";
    this.busy(false);
    for (const control of this.controls.querySelectorAll("select, input")) {
      control.setAttribute("disabled", "");
    }
    const reload = element("a", { href: "", class: "reload" }, [this.words.reload]);
    this.warn(this.words.silent, reload);
  }

  /**
   * @param {string} sentence
   * @param {HTMLElement | undefined} link
   */
  warn(sentence, link = undefined) {
    const text = element("p", { class: "alert-text" }, [sentence]);
    if (link) text.append(" ", link);
    this.alert.replaceChildren(
      element("div", { role: "alert", class: "alert alert-error" }, [text]));
  }
}

/** @returns {Record<string, string>} */
function addressState() {
  const state = Object.fromEntries(new URLSearchParams(location.search));
  const shown = document.documentElement;
  return { ...state, lang: shown.lang, dataset: shown.dataset.dataset ?? "published" };
}

export default {
  /** @param {{model: any, el: HTMLElement}} given */
  render(given) {
    const view = new View(given);
    view.choose(view.served ? addressState() : {}, "replace");
    return () => view.stop();
  },
};
