from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.finding import Place
from vertragsgraph.gate.places import Pattern, Places
from vertragsgraph.register import Register

Write = Callable[[dict[str, str]], Register]

BASE = "https://w3id.org/vertragsgraph/hessen/"
A, B, C, D = (NamedNode(f"{BASE}{name}") for name in "abcd")
SAME = NamedNode("http://www.w3.org/2002/07/owl#sameAs")

FILES = {
    "contracts.ttl": "<a>\n  <b> <c> ,\n    <d> ;\n  <c> 'x' .\n",
    "people.ttl": "\n<a> <b> <d> .\n<d> <b> _:x .\n",
    "links/x.sssom.tsv": "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    f"{A.value}\towl:sameAs\t{D.value}\tsemapv:ManualMappingCuration\n",
}


def test_places(register_of: Write) -> None:
    register = register_of(FILES)
    contracts, people, links = (register.data / name for name in FILES)
    places = Places(register)
    assert places.of_triple(Triple(A, B, D)) == Place(contracts, 3)
    assert places.of_triple(Triple(A, C, Literal("x"))) == Place(contracts, 4)
    assert places.of_triple(Triple(A, SAME, D)) == Place(links, 2)
    assert places.of_triple(Triple(A, B, A)) is None
    assert places.of_subject(A) == Place(contracts, 1)
    assert places.of_subject(C) is None
    assert places.of_node(C) == Place(contracts, 2)
    assert places.of_node(SAME) == Place(links, 2)
    found = places.at(Pattern(A, B))
    assert found
    assert (found.first, found.last) == (Place(contracts, 2), Place(people, 2))


def test_what_is_announced_is_looked_for_at_once(register_of: Write) -> None:
    register = register_of(FILES)
    places = Places(register)
    patterns = [Pattern(A, B, C), Pattern(object=C), Pattern(D)]  # nothing says what c is
    places.look_up(triples=[Triple(A, B, C)], nodes=[C, D])
    for path in register.data.rglob("*.*"):
        path.unlink()
    assert [bool(places.at(pattern)) for pattern in patterns] == [True, True, True]


def test_a_file_with_a_syntax_error_is_read_up_to_it(register_of: Write) -> None:
    places = Places(
        register_of({"people.ttl": "<a> <b> <c> .\n<a> <b> <d> \n<c> <b> <d> .", "topics.ttl": "<d> <b> <c> ."})
    )
    assert places.of_subject(A)
    assert places.of_subject(D)
    assert places.of_subject(C) is None
