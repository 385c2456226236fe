// Small helpers for scripts that make elements and say texts.

export const SVG = "http://www.w3.org/2000/svg";

/** Returns a text with values put into its `{places}`. */
export function put(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Returns the text of the plural form that a count takes in the page's language, with values put into its `{places}`. */
export function putCounted(forms, values) {
  const rules = new Intl.PluralRules(document.documentElement.lang);
  return put(forms[rules.select(values.count)], values);
}

function fill(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function html(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/** Returns a button that does something. */
export function button(text, action, attributes = {}) {
  const made = html("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", action);
  return made;
}

/** Returns a choice with its label: `options` are pairs of value and text. */
export function choice(id, label, options, chosen, action) {
  const field = html("select", { id }, ...options.map(([value, text]) => html("option", { value }, text)));
  field.value = chosen;
  field.addEventListener("change", () => action(field.value));
  return html("span", { class: "choice" }, html("label", { for: id }, label), " ", field);
}
