from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse, serialize

from vertragsgraph.finding import FindingsError
from vertragsgraph.graph import Graphs, collect
from vertragsgraph.rdf.terms import TYPE
from vertragsgraph.register import Register, load_kinds, load_register

MakeRegister = Callable[..., Register]

BASE = "https://w3id.org/vertragsgraph/hessen/"
PREFIX = "@prefix : <id/> .\n"
TERMS = st.sampled_from([f":t{n}" for n in range(4)])
LITERALS = st.sampled_from(
    ['"a"', '"a"@de', '"a\\n\\"b\\" .\\n"', '"ä€𝄞"', "12", '"2018"^^<http://www.w3.org/2001/XMLSchema#gYear>']
)
STATEMENTS = st.lists(st.tuples(TERMS, TERMS, TERMS | LITERALS).map(" ".join), min_size=1, max_size=12, unique=True)


def turtle(statements: list[str]) -> str:
    return PREFIX + "".join(f"{statement} .\n" for statement in statements)


def collected(register: Register) -> Graphs:
    return collect(register, register.folder / "graphs")


def reloaded(register: Register) -> Register:
    return load_register(register.folder)


def lines_of(graphs: Graphs, role: str) -> list[str]:
    return graphs.path(role).read_text("utf-8").splitlines()


def test_each_role_has_a_file_of_its_own(make_register: MakeRegister) -> None:
    register = make_register(
        {
            "contracts/a.ttl": turtle([":a :p :b"]),
            "contracts/deeper/b.ttl": turtle([":b :p :c", ":a :p :b"]),
            "people.ttl": turtle([":k :p 1"]),
            "organisations.ttl": "# none yet\n",
            "sources.ttl": "# none yet\n",
        }
    )
    graphs = collected(register)
    assert graphs.roles == ("contracts", "agents", "entailed")
    assert dict(graphs.counts) == {"contracts": 2, "agents": 1, "entailed": 2}
    assert graphs.triples == 5
    assert lines_of(graphs, "contracts") == [
        f"<{BASE}id/a> <{BASE}id/p> <{BASE}id/b> .",
        f"<{BASE}id/b> <{BASE}id/p> <{BASE}id/c> .",
    ]
    assert lines_of(graphs, "entailed") == [
        f"<{BASE}catalog#dataset> {TYPE} <http://www.w3.org/2002/07/owl#Ontology> .",
        f"<{BASE}catalog#dataset> <http://www.w3.org/2002/07/owl#imports> <https://example.org/o> .",
    ], "OWL's tools then know which property is of which kind"
    assert sorted(path.name for path in graphs.folder.iterdir()) == ["agents.nt", "contracts.nt", "entailed.nt"]


def test_a_triple_stands_in_one_graph_only(make_register: MakeRegister) -> None:
    graphs = collected(
        make_register({"contracts.ttl": turtle([":a :p 1", ":b :p 1"]), "people.ttl": turtle([":b :p 1", ":c :p 1"])})
    )
    assert dict(graphs.counts) == {"contracts": 2, "agents": 1, "entailed": 2}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATEMENTS, st.randoms(use_true_random=False))
def test_order_and_layout_of_the_files_change_nothing(
    make_register: MakeRegister, statements: list[str], random: Random
) -> None:
    whole = collected(make_register({"contracts.ttl": turtle(statements)}))
    shuffled = sorted(statements, key=lambda _: random.random())
    cut = random.randrange(len(statements) + 1)
    parts = {
        "contracts/z.ttl": turtle(shuffled[:cut]),
        "events/a.ttl": re.sub(r":(t\d) ?", r"<id/\1>\n\n", turtle(shuffled[cut:])),
    }
    other = collected(make_register(parts))
    assert whole.digest == other.digest
    assert whole.path("contracts").read_bytes() == other.path("contracts").read_bytes()
    assert lines_of(whole, "contracts") == sorted(set(lines_of(whole, "contracts")))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATEMENTS, STATEMENTS)
def test_the_digest_tells_different_graphs_apart(make_register: MakeRegister, one: list[str], two: list[str]) -> None:
    first, second = (collected(make_register({"contracts.ttl": turtle(statements)})) for statements in (one, two))
    same = first.path("contracts").read_bytes() == second.path("contracts").read_bytes()
    assert (first.digest == second.digest) is same


def test_files_are_canonical_n_triples(make_register: MakeRegister) -> None:
    data = turtle(
        [':a :p "ä\\u20AC\\t\\r\\n\\"\\\\"@de-AT', ':a :p "\\u0001\\u2028 .\\n_:x"', ":a :p 1.0e6", ":a :p true"]
    )
    graphs = collected(make_register({"contracts.ttl": data}))
    triples = [quad.triple for quad in parse(data, RdfFormat.TURTLE, base_iri=BASE)]
    assert graphs.path("contracts").read_bytes() == b"".join(
        sorted(serialize([t], format=RdfFormat.N_TRIPLES) for t in triples)
    )


def test_the_digest_covers_ontology_and_shapes_but_not_their_layout(make_register: MakeRegister) -> None:
    def digest(ontology: str, shapes: str) -> str:
        return collected(make_register({"contracts.ttl": turtle([":a :p 1"])}, ontology=ontology, shapes=shapes)).digest

    plain = digest("<o> <p> [ <q> 1 ], [ <q> 2 ] .", "<s> <p> <o> .")
    assert plain == digest("# a comment\n_:x <q> 2 . _:y <q> 1 . <o> <p> _:y , _:x .", "<s> <p>   <o> .")
    assert plain != digest("<o> <p> [ <q> 1 ], [ <q> 3 ] .", "<s> <p> <o> .")
    assert plain != digest("<o> <p> [ <q> 1 ; <q> 2 ] .", "<s> <p> <o> .")
    assert plain != digest("<o> <p> [ <q> 1 ], [ <q> 2 ] .", "<s> <p> <o2> .")
    assert plain != digest("<s> <p> <o> .", "<o> <p> [ <q> 1 ], [ <q> 2 ] .")


def test_the_digest_covers_the_settings_of_the_register(make_register: MakeRegister) -> None:
    register = make_register({"contracts.ttl": turtle([":a :p 1"])})
    before = collected(register).digest
    text = (register.folder / "register.toml").read_text("utf-8")
    (register.folder / "register.toml").write_text("# another comment\n" + text, "utf-8")
    assert collected(reloaded(register)).digest == before
    (register.folder / "register.toml").write_text(text.replace("Hessian integration", "Other"), "utf-8")
    assert collected(reloaded(register)).digest != before


def test_blank_nodes_of_two_files_stay_apart(make_register: MakeRegister) -> None:
    register = make_register({"contracts.ttl": turtle([":a :p 1"])}, ontology="_:x <q> 1 .")
    (register.ontology / "second.ttl").write_text("_:x <q> 2 .")
    apart = collected(register).digest
    (register.ontology / "second.ttl").write_text("_:y <q> 2 .")
    assert collected(register).digest == apart
    (register.ontology / "second.ttl").unlink()
    (register.ontology / "o.ttl").write_text("_:x <q> 1 , 2 .")
    assert collected(register).digest != apart


def test_the_digest_can_be_computed_by_hand(make_register: MakeRegister, tmp_path: Path) -> None:
    """Follows the description in `vertragsgraph.graph.digest` with the tools of a shell."""
    register = make_register(
        {
            "contracts.ttl": turtle([":b :p 1", ":a :p 1"]),
            "people.ttl": turtle([":aa :p 1"]),
            "queries/b.rq": "ASK {}",
            "queries/a.rq": "ASK { ?a ?b ?c }",
        },
        ontology="<o> <p> <o> .",
        shapes="<s> <p> <s> .",
    )
    graphs = collected(register)
    quads = "".join(
        line[:-1] + f"<{register.graph(role)}> .\n"
        for role in reversed(graphs.roles)
        for line in lines_of(graphs, role)
    )
    in_order = subprocess.run(
        ["sort"], input=quads, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True
    )
    parts = {
        "quads": in_order.stdout,
        "ontology": f"<{BASE}o> <{BASE}p> <{BASE}o> .\n",
        "shapes": f"<{BASE}s> <{BASE}p> <{BASE}s> .\n",
        "register": register.canonical(),
        "queries": f"{sha256('ASK { ?a ?b ?c }')}  a.rq\n{sha256('ASK {}')}  b.rq\n",
        "kinds": load_kinds(register).canonical(),
    }
    text = "vertragsgraph release format 1\n" + "".join(f"{sha256(part)}  {name}\n" for name, part in parts.items())
    assert graphs.digest == sha256(text)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def places(error: FindingsError) -> list[str]:
    return [str(finding.place).rpartition("/")[2] for finding in error.findings]


def test_the_mistakes_of_all_files_are_told_at_once(make_register: MakeRegister) -> None:
    register = make_register(
        {
            "contracts/one.ttl": turtle([":a :p 1", ":a nope:p 1"]),
            "contracts/three.ttl": turtle([":a :p 1"]),
            "people.ttl": turtle([":a :p"]),
        },
        ontology="<o> <p> ",
        shapes="<o> <p> 'a .",
    )
    with pytest.raises(FindingsError) as caught:
        collected(register)
    assert [place.partition(":")[0] for place in places(caught.value)] == ["one.ttl", "people.ttl", "o.ttl", "s.ttl"]


@pytest.mark.parametrize(
    "statement", [":a :p [ :q 1 ]", "[] :p 1", "_:x :p 1", ":a :p _:x", ":a :p ( 1 2 )", ":a :p <<( :b :q 1 )>>"]
)
def test_data_have_no_blank_nodes_and_no_triple_terms(make_register: MakeRegister, statement: str) -> None:
    register = make_register(
        {"contracts/a.ttl": turtle([":a :p 1"]), "contracts/b.ttl": turtle([":b :p 1", statement, ":c :p 1"])}
    )
    with pytest.raises(FindingsError) as caught:
        collected(register)
    assert places(caught.value) == ["b.ttl:3"]


def test_many_blank_nodes_are_one_finding_for_each_file(make_register: MakeRegister) -> None:
    statements = [f"_:b{number} :p {number}" for number in range(3000)]
    register = make_register({"contracts.ttl": turtle([":a :p 1", *statements]), "people.ttl": turtle([":b :p []"])})
    with pytest.raises(FindingsError) as caught:
        collected(register)
    assert places(caught.value) == ["contracts.ttl:3", "people.ttl:2"]
    assert caught.value.findings[0].message["en"].endswith("(and on 2999 more lines)")


@pytest.mark.parametrize("megabytes", [2, 20])
def test_a_literal_that_is_too_long_is_one_finding(make_register: MakeRegister, megabytes: int) -> None:
    text = ("x" * 999 + "\n") * 1000 * megabytes
    register = make_register({"contracts.ttl": turtle([":a :p 1", f":a :p '''{text}'''"])})
    with pytest.raises(FindingsError) as caught:
        collected(register)
    assert places(caught.value) == ["contracts.ttl:3"]
    assert "megabyte" in caught.value.findings[0].message["en"]


def test_a_text_that_looks_like_a_triple_term_is_none(make_register: MakeRegister) -> None:
    assert (
        collected(make_register({"contracts.ttl": turtle([':a :p "x <<( a )>>"', ':a :p "_:b ."'])})).counts[
            "contracts"
        ]
        == 2
    )


def test_progress_is_told(make_register: MakeRegister) -> None:
    said: list[str] = []
    register = make_register({"contracts.ttl": turtle([":a :p 1"])})
    collect(register, register.folder / "graphs", progress=said.append)
    assert len(said) >= 2
    assert all(text.endswith("…") for text in said)
