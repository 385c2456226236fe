// A problem document (RFC 9457): what is wrong in the language of the page, the place, and what the server says in detail.
import { button, html, put } from "./dom.js";

/** Returns the name of the text for a problem. */
function kind({ status, limit, line }) {
  if (status === 403) return "forbidden";
  if (line) return "mistake";
  if (["time", "memory", "length"].includes(limit)) return `limit_${limit}`;
  if (status === 429) return "too_many";
  return status === 503 ? "busy" : "refused";
}

function box(text, ...parts) {
  return html("div", { role: "alert", class: "problem" }, html("p", {}, html("strong", {}, text)), ...parts);
}

/**
 * Returns an element that shows a problem, and the place it names in the query (undefined where it names none), to which `go` leads.
 * `language` is that of the document, as Content-Language has it.
 */
export function problem(body, texts, go, language = "en") {
  let found;
  try {
    found = JSON.parse(body);
  } catch {
    return { element: box(texts.refused, html("pre", { lang: "", tabindex: 0 }, body.slice(0, 500))) };
  }
  const place = found.line ? { line: found.line, column: found.column ?? 1 } : undefined;
  const detail = html("p", { class: "told" }, html("bdi", { lang: language }, found.detail));
  if (document.documentElement.lang !== language) detail.append(" ", html("span", { class: "tag" }, language));
  const number = html("p", { class: "detail" }, put(texts.number, { status: found.status, id: found.query_id ?? "–" }));
  const there = place ? [html("p", {}, button(put(texts.place, place), go, { class: "quiet-button" }))] : [];
  return { element: box(texts[kind(found)], ...there, detail, number), place };
}
