// Ask a source by Comunica: node query.js TYPE URL, with the query on standard input. TYPE is that of Comunica's
// documentation (`sparql`, `file` …), or `auto`, which leaves it to Comunica to find out what the source is.
// Writes solutions and booleans as SPARQL 1.1 Query Results JSON, triples as N-Triples.

import { text } from "node:stream/consumers";
import { QueryEngine } from "@comunica/query-sparql";

const [type, value] = process.argv.slice(2);
const engine = new QueryEngine();
const result = await engine.query(await text(process.stdin), { sources: [type === "auto" ? { value } : { type, value }] });
const format = result.resultType === "quads" ? "application/n-triples" : "application/sparql-results+json";
const { data } = await engine.resultToString(result, format);
process.stdout.write(await text(data));
