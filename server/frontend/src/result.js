// What a query gave: rows as a table, a chart where there are numbers, a graph as text, a problem with its place.

const SHOWN = 1000;
const BARS = 40;
const SOLUTIONS = ["csv", "tsv", "json", "xml"];
const GRAPHS = ["ttl", "nt", "jsonld", "rdf"];
const SVG = "http://www.w3.org/2000/svg";

function put(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function html(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export class Result {
  constructor(place, texts, { base, prefixes }) {
    this.place = place;
    this.texts = texts;
    this.resources = `${base}id/`;
    this.prefixes = Object.entries(prefixes).sort((one, two) => two[1].length - one[1].length);
    this.number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
  }

  /** Says that a query is running; `stop` ends it. */
  waiting(stop) {
    const button = html("button", { type: "button" }, this.texts.stop);
    button.addEventListener("click", stop);
    this.fill(html("p", { role: "status" }, this.texts.running, " ", button));
  }

  failed(text) {
    this.fill(html("p", { role: "alert", class: "problem" }, text));
  }

  /** Shows a response with its body. */
  show(response, body, asked) {
    if (!response.ok) return this.problem(body);
    const media = response.headers.get("Content-Type") ?? "";
    if (!media.includes("json")) return this.fill(...this.head(asked, GRAPHS), html("pre", { tabindex: 0 }, html("code", {}, body)));
    const found = JSON.parse(body);
    if (typeof found.boolean === "boolean") {
      return this.fill(html("p", { role: "status", class: "big" }, html("strong", {}, found.boolean ? this.texts.yes : this.texts.no)));
    }
    const rows = found.results.bindings;
    const count = put(this.texts.rows, { count: this.number.format(rows.length), seconds: this.number.format(asked.seconds) });
    const status = html("p", { role: "status" }, rows.length ? count : this.texts.empty);
    const parts = [status, ...this.head(asked, SOLUTIONS), this.table(found.head.vars, rows.slice(0, SHOWN))];
    if (rows.length > SHOWN) parts.push(html("p", { class: "detail" }, put(this.texts.cut, { count: this.number.format(SHOWN) })));
    const chart = this.chart(found.head.vars, rows.slice(0, BARS));
    if (chart) parts.push(chart);
    this.fill(...parts);
  }

  fill(...parts) {
    this.place.hidden = false;
    this.place.replaceChildren(...parts);
  }

  /** Shows a problem document (RFC 9457). */
  problem(body) {
    let found;
    try {
      found = JSON.parse(body);
    } catch {
      return this.failed(body.slice(0, 500));
    }
    const parts = [html("strong", {}, `${found.status} ${found.title}`), html("br"), found.detail];
    if (found.line) parts.push(html("br"), put(this.texts.place, { line: found.line, column: found.column ?? 1 }));
    this.fill(html("p", { role: "alert", class: "problem" }, ...parts));
  }

  /** Returns the links to downloads and to the query itself. */
  head({ query, address }, formats) {
    const links = formats.map((format) => {
      const there = new URL(address);
      there.search = new URLSearchParams({ query, format });
      return html("a", { class: "pill", href: there.href, download: `result.${format}` }, format.toUpperCase());
    });
    const share = new URL(location.href);
    share.hash = new URLSearchParams({ query }).toString();
    return [html("p", {}, `${this.texts.download} `, ...links, html("a", { href: share.href }, this.texts.share))];
  }

  table(names, rows) {
    const head = html("tr", {}, ...names.map((name) => html("th", { scope: "col" }, name)));
    const body = rows.map((row) => html("tr", {}, ...names.map((name) => this.cell(row[name]))));
    const table = html("table", {}, html("thead", {}, head), html("tbody", {}, ...body));
    return html("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": this.texts.table }, table);
  }

  cell(term) {
    if (!term) return html("td");
    if (term.type === "uri") {
      const text = this.short(term.value);
      if (!/^https?:/.test(term.value)) return html("td", {}, text);
      return html("td", {}, html("a", { href: this.address(term.value), title: term.value }, text));
    }
    const attributes = term["xml:lang"] ? { lang: term["xml:lang"] } : {};
    return html("td", numeric(term) ? { class: "number" } : {}, html("bdi", attributes, term.value));
  }

  /** Returns where an IRI is read: our own resources here, wherever this server is. */
  address(iri) {
    return iri.startsWith(this.resources) ? `doc/${iri.slice(this.resources.length)}` : iri;
  }

  short(iri) {
    const [prefix, namespace] = this.prefixes.find(([, start]) => iri.startsWith(start)) ?? [];
    return namespace ? `${prefix}:${iri.slice(namespace.length)}` : iri;
  }

  /** Returns bars for the last column of numbers, named by the first other column; nothing where there are no numbers. */
  chart(names, rows) {
    const values = names.findLast((name) => rows.length > 1 && rows.every((row) => numeric(row[name])));
    const labels = names.find((name) => name !== values);
    if (!values || !labels) return null;
    const most = Math.max(...rows.map((row) => Math.abs(Number(row[values].value))), Number.MIN_VALUE);
    const items = rows.map((row) => {
      const value = Number(row[values].value);
      const bar = document.createElementNS(SVG, "svg");
      bar.setAttribute("class", "bar");
      bar.setAttribute("viewBox", "0 0 100 8");
      bar.setAttribute("preserveAspectRatio", "none");
      bar.setAttribute("aria-hidden", "true");
      const part = document.createElementNS(SVG, "rect");
      part.setAttribute("class", "part");
      part.setAttribute("height", 8);
      part.setAttribute("width", (100 * Math.abs(value)) / most);
      bar.append(part);
      const label = row[labels] ? this.short(row[labels].value) : "";
      return html("li", {}, html("span", {}, label), bar, html("span", { class: "number" }, this.number.format(value)));
    });
    return html("figure", { class: "chart" }, html("figcaption", {}, `${this.texts.chart}: ${values}`), html("ul", {}, ...items));
  }
}

function numeric(term) {
  return /#(integer|decimal|double|float|nonNegativeInteger|int|long)$/.test(term?.datatype ?? "") && Number.isFinite(Number(term.value));
}
