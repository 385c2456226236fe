// The query page: YASGUI's editor (Yasqe) in place of the text field, and results as a table, a chart, or a download.
import Yasqe from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";
import { Result } from "./result.js";

const form = document.querySelector("#ask");
const field = form.querySelector("textarea");
const texts = JSON.parse(form.dataset.texts);
const terms = JSON.parse(document.querySelector("#terms").textContent);
const result = new Result(document.querySelector("#result"), texts, terms);
const GRAPH_QUERIES = ["CONSTRUCT", "DESCRIBE"];
let running;

// Completions come from this release alone; nothing is asked of other hosts or kept in the browser.
function completeFrom(kind, values) {
  const name = `register-${kind}`;
  Yasqe.forkAutocompleter(kind, { name, persistenceId: null, bulk: true, get: () => values }, false);
  return name;
}

const yasqe = new Yasqe(form.querySelector(".editor"), {
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
yasqe.setOption("extraKeys", { ...yasqe.getOption("extraKeys"), Tab: false, "Shift-Tab": false, "Ctrl-Enter": run, "Cmd-Enter": run });
yasqe.getInputField().setAttribute("aria-label", texts.editor);
form.classList.add("with-editor");
field.hidden = true;
form.querySelector("label[for=query]").hidden = true;

function show(query) {
  yasqe.setValue(query);
  yasqe.getInputField().focus();
}

function shared() {
  const query = new URLSearchParams(location.hash.slice(1)).get("query");
  if (query) show(query);
}

async function run() {
  running?.abort();
  const request = new AbortController();
  running = request;
  const query = yasqe.getValue();
  const graph = GRAPH_QUERIES.includes(yasqe.getQueryType());
  const began = performance.now();
  result.waiting(() => request.abort());
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: query,
      headers: {
        "Content-Type": "application/sparql-query",
        Accept: `${graph ? "text/turtle" : "application/sparql-results+json"}, application/problem+json;q=0.9`,
      },
      signal: request.signal,
    });
    const body = await response.text();
    const address = new URL(form.action);
    result.show(response, body, { query, graph, address, seconds: (performance.now() - began) / 1000 });
  } catch (error) {
    if (running === request) result.failed(error.name === "AbortError" ? texts.stopped : texts.failed);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
for (const example of document.querySelectorAll(".examples details")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = form.querySelector("button").textContent;
  button.addEventListener("click", () => {
    show(example.querySelector("code").textContent);
    run();
  });
  example.querySelector("p:last-child").prepend(button, " ");
}
addEventListener("hashchange", shared);
shared();
