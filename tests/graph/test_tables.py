"""Tables in the graphs: each statement in that of its subject's kind, each row as evidence, one name for each resource."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest

from vertragsgraph.finding import FindingsError
from vertragsgraph.graph import Graphs, collect
from vertragsgraph.register import Register

MakeRegister = Callable[..., Register]
BASE = "https://w3id.org/vertragsgraph/hessen/"
GRANT, ORGANISATION = "id/grant/g-{_row}", "id/organisation/{number}"
DESCRIPTION = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "sums.csv",
    "dc:source": {"@id": "id/source/s1"},
    "dc:date": "2026-11-27",
    "tableSchema": {
        "columns": [
            {"name": "number", "suppressOutput": True},
            {"name": "name", "aboutUrl": ORGANISATION, "propertyUrl": "rdfs:label", "lang": "de"},
            {"name": "sum", "aboutUrl": GRANT, "propertyUrl": "schema:amount", "datatype": "decimal"},
            {
                "name": "to",
                "virtual": True,
                "aboutUrl": GRANT,
                "propertyUrl": "schema:fundedItem",
                "valueUrl": ORGANISATION,
            },
            {"name": "type", "virtual": True, "aboutUrl": GRANT, "propertyUrl": "rdf:type", "valueUrl": "vg:Grant"},
        ]
    },
}
TABLE = "number,name,sum\n7,Ruderer,5\n7,Ruderclub,6\n7,Ruderer,7\n"
SOURCES = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <https://schema.org/> .
<id/source/s1> rdfs:label "Liste"@de , "list"@en """
RUDERER = f"<{BASE}id/organisation/7>"


def files(table: str = TABLE, sources: str = SOURCES + ".", **more: str) -> dict[str, str]:
    return {
        "tables/sums.csv": table,
        "tables/sums.csv-metadata.json": json.dumps(DESCRIPTION),
        "sources.ttl": sources,
        **more,
    }


def collected(make_register: MakeRegister, **more: str) -> Graphs:
    register = make_register(files(**more))
    return collect(register, register.folder / "graphs")


def lines(graphs: Graphs, role: str, *, about: str = "", of: str = "") -> list[str]:
    text = graphs.path(role).read_text("utf-8")
    return [line.removesuffix(" .") for line in text.splitlines() if line.startswith(about) and of in line]


def node(line: str) -> str:
    return f"<{BASE}id/statement/{hashlib.sha256(f'{line} .'.encode()).hexdigest()[:16]}>"


def test_each_statement_stands_in_the_graph_of_its_subject(make_register: MakeRegister) -> None:
    graphs = collected(make_register)
    assert graphs.roles == ("contracts", "agents", "sources", "evidence", "entailed")
    assert len(lines(graphs, "contracts")) == 9 and len(lines(graphs, "agents")) == 2


def test_a_resource_of_many_rows_is_one_with_all_its_names(make_register: MakeRegister) -> None:
    names = [line.removeprefix(RUDERER) for line in lines(collected(make_register), "agents")]
    assert names == [
        ' <http://www.w3.org/2000/01/rdf-schema#label> "Ruderer"@de',
        ' <http://www.w3.org/2004/02/skos/core#altLabel> "Ruderclub"@de',
    ]


def test_a_name_that_a_keeper_gives_goes_first(make_register: MakeRegister) -> None:
    own = '@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . <id/organisation/7> rdfs:label "Ruderverein"@de .'
    names = lines(collected(make_register, **{"organisations.ttl": own}), "agents")
    assert [line.rpartition("#")[2] for line in names] == [
        'label> "Ruderverein"@de',
        'altLabel> "Ruderclub"@de',
        'altLabel> "Ruderer"@de',
    ]


def test_the_first_row_that_says_it_is_the_evidence(make_register: MakeRegister) -> None:
    graphs = collected(make_register)
    name = f'{RUDERER} <http://www.w3.org/2000/01/rdf-schema#label> "Ruderer"@de'
    statement = lines(graphs, "evidence", about=node(name))
    assert [line.rpartition("/")[2] for line in statement if "#evidence>" in line] == ["sums-row-2>"]
    assert lines(graphs, "evidence", of="#type> <https://w3id.org/vertragsgraph/ontology#Evidence>") == [
        f"<{BASE}id/evidence/sums-row-{row}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://w3id.org/vertragsgraph/ontology#Evidence>"
        for row in (2, 3, 4)
    ]
    entry = {line.split("> ", 1)[1] for line in lines(graphs, "evidence", about=f"<{BASE}id/evidence/sums-row-3>")}
    vg, oa, label = (
        "<https://w3id.org/vertragsgraph/ontology#",
        "<http://www.w3.org/ns/oa#",
        "<http://www.w3.org/2000/01/rdf-schema#label>",
    )
    assert entry >= {
        f'{label} "Liste, Zeile 3"@de',
        f'{label} "list, row 3"@en',
        f"{vg}supportKind> {vg}Stated>",
        f'{vg}row> "3"^^<http://www.w3.org/2001/XMLSchema#integer>',
        f"{oa}hasSource> <{BASE}id/source/s1>",
        f"{oa}hasSelector> <{BASE}id/evidence/sums-row-3/row>",
        f"<http://purl.org/dc/terms/creator> <{BASE}id/organisation/vertragsgraph>",
        '<http://purl.org/dc/terms/date> "2026-11-27"^^<http://www.w3.org/2001/XMLSchema#date>',
    }
    assert f'<{BASE}id/evidence/sums-row-3/row> <http://www.w3.org/1999/02/22-rdf-syntax-ns#value> "row=3"' in lines(
        graphs, "evidence"
    )


def test_the_source_has_the_checksum_of_the_table(make_register: MakeRegister) -> None:
    digest = hashlib.sha256(TABLE.encode()).hexdigest()
    for sources in (SOURCES + ".", SOURCES + f'; schema:sha256 "{digest}" .'):
        assert lines(collected(make_register, sources=sources), "sources", of="sha256") == [
            f'<{BASE}id/source/s1> <https://schema.org/sha256> "{digest}"'
        ]
    with pytest.raises(FindingsError) as caught:
        collected(make_register, sources=SOURCES + '; schema:sha256 "00" .')
    assert "sums.csv: violation: this table has the SHA-256" in str(caught.value)


def test_the_same_rows_in_the_same_order_make_the_same_digest(make_register: MakeRegister) -> None:
    first, again = collected(make_register), collected(make_register)
    assert first.digest == again.digest != collected(make_register, table=TABLE.replace("5", "8")).digest


def test_a_cell_about_what_is_no_resource_is_told(make_register: MakeRegister) -> None:
    register = make_register(files())
    path = register.data / "tables/sums.csv-metadata.json"
    path.write_text(path.read_text("utf-8").replace(GRANT, "https://example.org/{_row}"), "utf-8")
    with pytest.raises(FindingsError) as caught:
        collect(register, register.folder / "graphs")
    assert "sums.csv:2:3: violation: this cell is about <https://example.org/1>" in str(caught.value)


def test_what_is_wrong_with_a_table_is_told_beside_what_is_wrong_elsewhere(make_register: MakeRegister) -> None:
    with pytest.raises(FindingsError) as caught:
        collected(make_register, table=TABLE.replace("6", "sechs"), **{"people.ttl": "nonsense"})
    assert [finding.place.file.name for finding in caught.value.findings if finding.place] == ["people.ttl", "sums.csv"]


def test_a_table_may_stand_alone(make_register: MakeRegister) -> None:
    graphs = collect(
        register := make_register({k: v for k, v in files().items() if k != "sources.ttl"}), register.folder / "graphs"
    )
    assert lines(graphs, "evidence", of=f'"{BASE}id/source/s1, row 3"@en')
