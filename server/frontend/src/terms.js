// Terms of a result as people read them: short names, links to this server's own pages, languages marked.
import { html } from "./dom.js";

const NUMBERS = /#(integer|decimal|double|float|byte|short|int|long|(non)?(Negative|Positive)Integer|(non|unsigned)\w+)$/;

/** Returns the number a term stands for; NaN where it is none. */
export function number(term) {
  return NUMBERS.test(term?.datatype ?? "") && term.value.trim() ? Number(term.value) : NaN;
}

export class Terms {
  /** `base` and `vocabulary` are the namespaces whose pages are here; `lang` is the language to keep in links, if one was chosen. */
  constructor({ base, vocabulary, prefixes }, lang) {
    // With a dot before, what follows the base is a path, whatever it looks like (RFC 3986, section 4.2).
    this.places = [[`${base}id/`, "./doc/"], [base, "./"], [vocabulary, "./ontology#"]];
    this.prefixes = Object.entries(prefixes).sort((one, two) => two[1].length - one[1].length);
    this.lang = lang;
  }

  /** Returns `prefix:name` where a prefix fits, else the IRI itself. */
  short(iri) {
    const [prefix, namespace] = this.prefixes.find(([, start]) => iri.startsWith(start) && iri !== start) ?? [];
    return namespace ? `${prefix}:${iri.slice(namespace.length)}` : iri;
  }

  /** Returns where an IRI is read: what is of this register here, wherever this server is; `""` where a browser can't go. */
  address(iri) {
    const [namespace, path] = this.places.find(([start]) => iri.startsWith(start)) ?? [];
    if (namespace === undefined) return /^https?:/.test(iri) ? iri : "";
    const [page, place] = `${path}${iri.slice(namespace.length)}`.split("#");
    return `${page}${this.lang ? `?lang=${this.lang}` : ""}${place ? `#${place}` : ""}`;
  }

  /** Returns the text of a term as it is shown, sorted and searched. */
  text(term) {
    if (!term) return "";
    return term.type === "uri" ? this.short(term.value) : term.type === "bnode" ? `_:${term.value}` : term.value;
  }

  /** Returns an element that shows a term: an IRI as a link, a text in its own language, which is named where it isn't the page's. */
  shown(term) {
    if (term.type === "uri") {
      const address = this.address(term.value);
      return address ? html("a", { href: address, title: term.value }, this.text(term)) : this.text(term);
    }
    const lang = term["xml:lang"];
    if (!lang || lang === document.documentElement.lang) return html("bdi", {}, this.text(term));
    return html("span", {}, html("bdi", { lang }, this.text(term)), " ", html("span", { class: "tag" }, lang));
  }
}
