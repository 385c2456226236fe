// The rows of a result as a table that can be sorted by each column, filtered, and leafed through.
import { button, html, put } from "./dom.js";
import { number } from "./terms.js";

const PAGE = 50;
const FEW = 10;

export class Table {
  constructor(names, rows, terms, texts, format) {
    Object.assign(this, { names, rows, terms, texts, format });
    this.collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
    this.wanted = "";
    this.sorted = { name: "", direction: 1 };
    this.first = 0;
    this.body = html("tbody");
    this.heads = names.map((name) => this.head(name));
    const table = html("table", {}, html("thead", {}, html("tr", {}, ...this.heads)), this.body);
    this.scroll = html("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": texts.table }, table);
    this.place = html("p", { class: "leaf", role: "status" });
    this.element = html("div", { class: "rows" }, ...(rows.length > FEW ? [this.filter()] : []), this.scroll, this.place);
    this.show();
  }

  head(name) {
    const arrow = html("span", { class: "arrow", "aria-hidden": "true" });
    return html("th", { scope: "col" }, button(name, () => this.sort(name), { class: "plain-button", title: put(this.texts.sort, { name }) }), arrow);
  }

  filter() {
    const field = html("input", { type: "search", id: "filter", autocomplete: "off" });
    field.addEventListener("input", () => {
      this.wanted = field.value.trim().toLocaleLowerCase();
      this.first = 0;
      this.show();
    });
    return html("p", { class: "choice" }, html("label", { for: "filter" }, this.texts.filter), " ", field);
  }

  /** Sorts by a column: once up, once down, then back to the order of the result. */
  sort(name) {
    const same = this.sorted.name === name;
    if (same && this.sorted.direction < 0) this.sorted = { name: "", direction: 1 };
    else this.sorted = { name, direction: same ? -1 : 1 };
    for (const [index, head] of this.heads.entries()) {
      if (this.names[index] !== this.sorted.name) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", this.sorted.direction > 0 ? "ascending" : "descending");
    }
    this.first = 0;
    this.show();
  }

  /** Returns the rows that fit the filter, in the order that was chosen; numbers by size, texts by the rules of the language. */
  chosen() {
    const fits = (term) => term && (this.terms.text(term).toLocaleLowerCase().includes(this.wanted) || term.value.toLocaleLowerCase().includes(this.wanted));
    const rows = this.wanted ? this.rows.filter((row) => this.names.some((name) => fits(row[name]))) : this.rows;
    const { name, direction } = this.sorted;
    if (!name) return rows;
    const keys = new Map(rows.map((row) => [row, [number(row[name]), this.terms.text(row[name])]]));
    const compare = (one, two) => {
      if (!row(one) || !row(two)) return row(two) - row(one);
      const [[left, leftText], [right, rightText]] = [keys.get(one), keys.get(two)];
      return direction * (Number.isNaN(left) || Number.isNaN(right) ? this.collator.compare(leftText, rightText) : left - right);
    };
    const row = (each) => Number(Boolean(each[name]));
    return rows.toSorted(compare);
  }

  show() {
    const rows = this.chosen();
    const last = Math.min(this.first + PAGE, rows.length);
    this.body.replaceChildren(...rows.slice(this.first, last).map((row) => html("tr", {}, ...this.names.map((name) => this.cell(row[name])))));
    const parts = [];
    if (rows.length > PAGE || this.wanted) {
      const values = { first: rows.length ? this.first + 1 : 0, last, count: rows.length };
      for (const [key, value] of Object.entries(values)) values[key] = this.format(value);
      parts.push(html("span", {}, put(this.texts.leaf, values)));
    }
    if (rows.length > PAGE) {
      parts.push(" ", this.leaf(this.texts.previous, this.first - PAGE, this.first > 0));
      parts.push(" ", this.leaf(this.texts.next, this.first + PAGE, last < rows.length));
    }
    this.place.replaceChildren(...parts);
  }

  leaf(text, first, possible) {
    const act = () => {
      if (!possible) return;
      this.first = first;
      this.show();
      this.scroll.focus();
    };
    return button(text, act, { class: "quiet-button", "aria-disabled": !possible });
  }

  cell(term) {
    if (!term) return html("td");
    return html("td", Number.isNaN(number(term)) ? {} : { class: "number" }, this.terms.shown(term));
  }
}
