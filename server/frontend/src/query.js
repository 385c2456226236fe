// The query page: an editor in place of the text field, a query that can be stopped, results below it, and links that bring a query back.
import { button, html } from "./dom.js";
import { Editor } from "./editor.js";
import { Result } from "./result.js";
import { Terms } from "./terms.js";

const MOST = 64_000_000; // of a result's bytes; more is downloaded, not shown

const form = document.querySelector("#ask");
const field = form.querySelector("textarea");
const place = document.querySelector("#result");
const texts = JSON.parse(form.dataset.texts);
const terms = JSON.parse(document.querySelector("#terms").textContent);
const result = new Result(place, texts, new Terms(terms, new URLSearchParams(location.search).get("lang")));
const start = form.querySelector("button");
const stop = button(texts.stop, () => running?.abort(), { class: "quiet-button", hidden: "" });
const hint = html("span", { class: "detail", id: "syntax" });
let running;

start.after(" ", stop, " ", hint);
const editor = new Editor(form.querySelector(".editor"), field, hint, { terms, texts, run });
form.classList.add("with-editor");
field.hidden = true;
form.querySelector("label[for=query]").hidden = true;

function fragment() {
  return new URLSearchParams({ query: editor.query }).toString();
}

/** Brings back the query of a link. */
function shared() {
  const query = new URLSearchParams(location.hash.slice(1)).get("query");
  if (query && query !== editor.query) editor.query = query;
}

/** Returns the body of a response; null where it is more than a page can show. */
async function whole(response, request) {
  const chunks = [];
  let size = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(chunks).text();
    chunks.push(value);
    size += value.length;
    if (size > MOST) {
      request.abort();
      return null;
    }
  }
}

/** Returns the response and its body. */
async function ask({ query, graph }, request) {
  const accept = graph ? "text/turtle" : "application/sparql-results+json";
  const headers = {
    "Content-Type": "application/sparql-query",
    Accept: `${accept}, application/problem+json;q=0.9`,
    "Accept-Language": document.documentElement.lang,
  };
  const response = await fetch(form.action, { method: "POST", body: query, headers, signal: request.signal });
  return { response, body: await whole(response, request) };
}

function tell({ response, body }, asked) {
  if (body === null) return result.tooLarge(asked, MOST);
  asked.release = response.headers.get("Vertragsgraph-Release") ?? "";
  if (response.ok) return result.show(response.headers.get("Content-Type") ?? "", body, asked);
  const place = result.problem(body, () => editor.focus(), response.headers.get("Content-Language") ?? "en");
  if (place && editor.query === asked.query) editor.mark(place.line, place.column);
  return undefined;
}

async function run() {
  running?.abort();
  const request = new AbortController();
  running = request;
  editor.unmark();
  history.replaceState(null, "", `#${fragment()}`);
  const asked = { query: editor.query, graph: editor.makesGraph, address: new URL(form.action), cite: new URL(form.dataset.cite, location) };
  const began = performance.now();
  result.say(texts.running);
  stop.hidden = false;
  const answer = await ask(asked, request).catch((error) => error);
  if (running !== request) return;
  running = undefined;
  if (document.activeElement === stop) start.focus();
  stop.hidden = true;
  asked.seconds = (performance.now() - began) / 1000;
  if (!(answer instanceof Error)) tell(answer, asked);
  else if (answer.name === "AbortError") result.say(texts.stopped);
  else result.failed(texts.failed);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
for (const example of document.querySelectorAll(".examples details")) {
  const act = async () => {
    editor.query = example.querySelector("code").textContent;
    await run();
    place.focus();
  };
  example.querySelector("p:last-child").prepend(button(start.textContent, act), " ");
}
for (const link of document.querySelectorAll(".languages a")) {
  link.addEventListener("click", () => {
    link.hash = fragment();
  });
}
addEventListener("hashchange", shared);
shared();
