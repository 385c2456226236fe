// What a query gave: rows as a table or a chart, yes or no, a graph as text, a problem; the downloads, and how to cite it.
import { Chart } from "./chart.js";
import { button, html, put } from "./dom.js";
import { problem } from "./problem.js";
import { Table } from "./table.js";

const DOWNLOADS = { rows: ["csv", "tsv", "json", "xml"], answer: ["json", "xml"], graph: ["ttl", "nt", "jsonld", "rdf", "nq", "trig"] };
const SHOWN = 200_000;
const LONG_ADDRESS = 8_000;

export class Result {
  constructor(place, texts, terms) {
    Object.assign(this, { place, texts, terms });
    const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
    this.format = (value) => number.format(value);
    this.status = html("p", { role: "status" });
    this.parts = html("div");
    place.replaceChildren(this.status, this.parts);
    place.tabIndex = -1;
  }

  /** Shows a sentence, and nothing of what was there before. */
  say(text, ...parts) {
    this.place.hidden = false;
    this.status.className = "";
    this.status.replaceChildren(text);
    this.parts.replaceChildren(...parts);
  }

  failed(text) {
    this.say("", html("p", { role: "alert", class: "problem" }, text));
  }

  /** Shows a problem document and returns its place in the query, if it has one, to which `go` leads. */
  problem(body, go, language) {
    const { element, place } = problem(body, this.texts, go, language);
    this.say("", element);
    return place;
  }

  /** Says that a result is too large for a page; it can be downloaded. */
  tooLarge(asked, bytes) {
    this.say(put(this.texts.large, { size: this.format(bytes / 1_000_000) }), this.downloads(asked, asked.graph ? "graph" : "rows"));
  }

  /** Shows the body of a successful response. */
  show(media, body, asked) {
    if (!media.includes("json")) return this.graph(body, asked);
    const found = JSON.parse(body);
    if (typeof found.boolean === "boolean") {
      this.say(found.boolean ? this.texts.yes : this.texts.no, this.downloads(asked, "answer"));
      this.status.className = "big";
      return undefined;
    }
    const { bindings: rows } = found.results;
    const count = put(this.texts.rows, { count: this.format(rows.length), seconds: this.format(asked.seconds) });
    const downloads = this.downloads(asked, "rows");
    if (!rows.length) return this.say(this.texts.empty, ...this.absent(found.absent ?? []), downloads);
    return this.say(count, this.views(found.head.vars, rows), downloads);
  }

  /** Returns a line for each term of the query that occurs nowhere, with what was probably meant. */
  absent(terms) {
    return terms.map(({ term, meant, graph }) => {
      const known = meant.startsWith('"') ? meant : this.terms.short(meant);
      const text = graph ? this.texts.beside : meant ? this.texts.meant : this.texts.absent;
      return html("p", { class: "detail" }, put(text, { term, meant: known, graph: `GRAPH <${graph}> { … }` }));
    });
  }

  /** Returns the rows as a table, and a way to see them as a chart. */
  views(columns, rows) {
    const kinds = { table: Table, chart: Chart };
    const drawn = {};
    const shown = html("div");
    const choose = (name) => {
      drawn[name] ??= new kinds[name](columns, rows, this.terms, this.texts, this.format).element;
      shown.replaceChildren(drawn[name]);
      for (const [each, made] of Object.entries(buttons)) made.setAttribute("aria-pressed", each === name);
    };
    const buttons = {};
    for (const name of Object.keys(kinds)) buttons[name] = button(this.texts[name], () => choose(name), { class: "pill" });
    choose("table");
    return html("div", {}, html("div", { class: "views", role: "group", "aria-label": this.texts.view }, ...Object.values(buttons)), shown);
  }

  graph(body, asked) {
    const text = body.length > SHOWN ? body.slice(0, body.lastIndexOf("\n", SHOWN)) : body;
    const parts = [html("pre", { tabindex: 0, lang: "", role: "region", "aria-label": this.texts.graph }, html("code", {}, text))];
    if (text.length < body.length) parts.push(html("p", { class: "detail" }, this.texts.cut));
    this.say(body.trim() ? put(this.texts.took, { seconds: this.format(asked.seconds) }) : this.texts.empty, ...parts, this.downloads(asked, "graph"));
  }

  /** Returns the links to downloads and to the query itself, and a button that says how to cite the result. */
  downloads(asked, kind) {
    const { query, address } = asked;
    const links = DOWNLOADS[kind].map((format) => {
      const there = new URL(address);
      there.search = new URLSearchParams({ query, format });
      const name = format === "jsonld" ? "JSON-LD" : format.toUpperCase();
      const link = html("a", { class: "pill", href: there.href, download: `result.${format}` }, name);
      if (there.href.length > LONG_ADDRESS) link.addEventListener("click", (event) => this.post(event, link, there));
      return link;
    });
    const share = html("a", { href: location.href }, this.texts.share);
    const cited = html("div", { role: "status" });
    const cite = button(this.texts.cite, () => this.cite(asked, cited), { class: "quiet-button" });
    return html("div", {}, html("p", { class: "downloads" }, html("span", {}, this.texts.download), ...links, share, " ", cite), cited);
  }

  /** Shows how to cite a result: the server works out its digest. */
  async cite({ query, release, cite }, place) {
    for (const [name, value] of Object.entries({ query, release })) cite.searchParams.set(name, value);
    place.replaceChildren(this.texts.running);
    const response = await fetch(cite, { headers: { Accept: "application/json" } }).catch(() => null);
    const body = await response?.text();
    if (response?.ok) place.replaceChildren(html("p", { class: "cited" }, JSON.parse(body).text));
    else if (!response) place.replaceChildren(this.texts.failed);
    else place.replaceChildren(problem(body, this.texts, undefined, response.headers.get("content-language") ?? "en").element);
  }

  /** Downloads by POST what is too long for an address. */
  async post(event, link, there) {
    event.preventDefault();
    const response = await fetch(there.href.split("?")[0], { method: "POST", body: there.searchParams });
    if (!response.ok) return this.problem(await response.text(), undefined, response.headers.get("content-language") ?? "en");
    const made = html("a", { href: URL.createObjectURL(await response.blob()), download: link.download });
    made.click();
    return URL.revokeObjectURL(made.href);
  }
}
