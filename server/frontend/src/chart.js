// A result as bars: a column of numbers by another column, or how many rows there are of each value.
import { choice, html, put, svg } from "./dom.js";
import { number } from "./terms.js";

const BARS = 40;
const COUNT = "";

export class Chart {
  constructor(names, rows, terms, texts, format) {
    Object.assign(this, { names, rows, terms, texts, format });
    this.numeric = names.filter((name) => rows.some((row) => row[name]) && rows.every((row) => !row[name] || !Number.isNaN(number(row[name]))));
    this.values = this.numeric.at(-1) ?? COUNT;
    this.labels = names.find((name) => !this.numeric.includes(name)) ?? names[0];
    const columns = names.map((name) => [name, name]);
    const values = [[COUNT, texts.count], ...this.numeric.map((name) => [name, name])];
    this.figure = html("figure", { class: "chart" });
    this.element = html(
      "div",
      {},
      html(
        "p",
        { class: "choices" },
        choice("chart-labels", texts.labels, columns, this.labels, (name) => this.show({ labels: name })),
        " ",
        choice("chart-values", texts.values, values, this.values, (name) => this.show({ values: name })),
      ),
      this.figure,
    );
    this.show({});
  }

  /** Returns label and value of each bar: a row each for numbers, each label once where rows are counted. */
  bars() {
    const { labels, values } = this;
    if (values !== COUNT) {
      return this.rows.filter((row) => row[values]).map((row) => ({ label: row[labels], value: number(row[values]) }));
    }
    const counted = new Map();
    for (const row of this.rows) {
      const term = row[labels];
      const key = JSON.stringify([term?.type, term?.value, term?.["xml:lang"]]);
      const bar = counted.get(key) ?? { label: term, value: 0 };
      bar.value += 1;
      counted.set(key, bar);
    }
    return [...counted.values()].sort((one, two) => two.value - one.value);
  }

  show(change) {
    Object.assign(this, change);
    const all = this.bars();
    const bars = all.slice(0, BARS);
    const low = Math.min(0, ...bars.map((bar) => bar.value));
    const span = Math.max(0, ...bars.map((bar) => bar.value)) - low || 1;
    const values = this.values === COUNT ? this.texts.count : this.values;
    const caption = html("figcaption", {}, put(this.texts.caption, { values, labels: this.labels }));
    const items = bars.map(({ label, value }) => {
      const part = { class: "part", height: 8, x: (100 * (Math.min(value, 0) - low)) / span, width: (100 * Math.abs(value)) / span };
      const bar = svg("svg", { class: "bar", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" }, svg("rect", part));
      const name = html("span", {}, label ? this.terms.shown(label) : "–");
      return html("li", {}, name, bar, html("span", { class: "number" }, this.format(value)));
    });
    const parts = [caption, html("ul", {}, ...items)];
    if (all.length > BARS) parts.push(html("p", { class: "detail" }, put(this.texts.first, { shown: this.format(BARS), count: this.format(all.length) })));
    this.figure.replaceChildren(...parts);
  }
}
