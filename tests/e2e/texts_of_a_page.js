// Every text of a page that somebody can read or hear, with the language it is said to be in.
() => {
  // Code, addresses, what is typed, and what the server says in detail of a problem, in English that is marked as such.
  const NEVER = "script:not([type='image/svg+xml']), style, code, pre, textarea, .iri, .told [lang=en], .CodeMirror-lines, .CodeMirror-measure, .CodeMirror-hints";
  const ATTRIBUTES = ["title", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "alt", "placeholder"];
  const found = [];
  const add = (element, text, where) => {
    if (element.closest(NEVER)) return;
    found.push({ text, lang: element.closest("[lang]").lang, part: element.closest(".hits, svg text") !== null, where: `${where} of ${element.cloneNode().outerHTML.slice(0, 160)}` });
  };
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE) {
      const parent = node.parentElement;
      // What is for those without scripts is markup as long as there are scripts; a text of a drawing is one over its lines.
      if (parent.matches("noscript")) add(parent, new DOMParser().parseFromString(node.data, "text/html").body.textContent, "text");
      else if (!parent.closest("svg text")) add(parent, node.data, "text");
    } else {
      if (node.matches("svg text")) add(node, [...node.childNodes].map((line) => line.textContent).join(" "), "text");
      for (const name of ATTRIBUTES) if (node.hasAttribute(name)) add(node, node.getAttribute(name), name);
      if (node.matches("meta[name=description]")) add(node, node.content, "content");
      if (node.matches("input:is([type=submit], [type=button], [type=reset])")) add(node, node.value, "value");
    }
  }
  return found;
}
