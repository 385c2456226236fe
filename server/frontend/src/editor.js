// The editor of the query page: YASGUI's Yasqe, which completes from this release and says in the page's language what is wrong.
import Yasqe from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";
import { html, put } from "./dom.js";

const GUTTER = "gutterErrorBar";

// Completions come from this release alone; nothing is asked of other hosts or kept in the browser.
function completeFrom(kind, values) {
  const name = `register-${kind}`;
  Yasqe.forkAutocompleter(kind, { name, persistenceId: null, bulk: true, get: () => values }, false);
  return name;
}

export class Editor {
  /** Takes the place of `field` within `place`; `hint` is where syntax errors are told, `run` what Ctrl+Enter does. */
  constructor(place, field, hint, { terms, texts, run }) {
    Object.assign(this, { hint, texts });
    this.yasqe = new Yasqe(place, {
      value: field.value,
      persistenceId: null,
      createShareableLink: null,
      consumeShareLink: null,
      prefixCcApi: null,
      showQueryButton: false,
      resizeable: false,
      editorHeight: "auto",
      lineWrapping: true,
      lineNumbers: true,
      viewportMargin: Infinity,
      autocompleters: [
        "variables",
        completeFrom("class", terms.classes),
        completeFrom("property", terms.properties),
        completeFrom("prefixes", Object.entries(terms.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`)),
      ],
    });
    const keys = { Tab: false, "Shift-Tab": false, "Ctrl-S": false, "Ctrl-Enter": run, "Cmd-Enter": run };
    this.yasqe.setOption("extraKeys", { ...this.yasqe.getOption("extraKeys"), ...keys });
    this.input = this.yasqe.getInputField();
    this.input.setAttribute("aria-label", texts.editor);
    this.input.setAttribute("aria-describedby", hint.id);
    this.speak();
    this.yasqe.on("change", () => this.unmark());
  }

  get query() {
    return this.yasqe.getValue();
  }

  set query(text) {
    this.yasqe.setValue(text);
  }

  /** Whether the query makes a graph (CONSTRUCT, DESCRIBE), and no rows or answer. */
  get makesGraph() {
    return ["CONSTRUCT", "DESCRIBE"].includes(this.yasqe.getQueryType());
  }

  focus() {
    this.input.focus();
  }

  /** Lets Yasqe, which knows English only, say what it says in the language of the page, and to everybody. */
  speak() {
    const notify = this.yasqe.showNotification;
    this.yasqe.showNotification = (key) => notify(key, this.texts.complete);
    this.yasqe.on("autocompletionShown", (_, { hints }) => {
      hints.setAttribute("aria-label", this.texts.completions);
      hints.tabIndex = 0; // it scrolls; the arrow keys go through it from the editor
    });
    const check = this.yasqe.checkSyntax;
    this.yasqe.checkSyntax = () => {
      check();
      this.mistake();
    };
    this.yasqe.checkSyntax();
  }

  /** Marks the line whose syntax is wrong, as far as Yasqe's grammar knows. */
  mistake() {
    let text = "";
    this.yasqe.eachLine((line) => {
      if (!line.gutterMarkers?.[GUTTER] || text) return;
      text = put(this.texts.mistaken, { line: this.format(this.yasqe.getLineNumber(line) + 1) });
      this.yasqe.setGutterMarker(line, GUTTER, html("span", { class: "wrong", title: text, "aria-hidden": "true" }, "!"));
    });
    this.hint.textContent = text;
  }

  format(number) {
    return new Intl.NumberFormat(document.documentElement.lang).format(number);
  }

  /** Marks the place (from 1, in characters) that the server named, and puts the cursor there. */
  mark(line, column) {
    const text = this.yasqe.getLine(line - 1) ?? "";
    const start = { line: line - 1, ch: [...text].slice(0, column - 1).join("").length };
    const { end } = this.yasqe.getTokenAt({ ...start, ch: start.ch + 1 });
    this.yasqe.setCursor(start);
    this.marked = this.yasqe.markText(start, { ...start, ch: Math.max(end, start.ch + 1) }, { className: "wrong" });
    this.markedLine = this.yasqe.addLineClass(start.line, "background", "wrong-line");
  }

  unmark() {
    this.marked?.clear();
    if (this.markedLine) this.yasqe.removeLineClass(this.markedLine, "background", "wrong-line");
    this.marked = this.markedLine = undefined;
  }
}
