from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import Literal, NamedNode

from vertragsgraph.finding import Place
from vertragsgraph.register import Register
from vertragsgraph.sources import Locator, Pattern

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
    locator = Locator(register)
    assert locator.triple(A, B, D) == Place(contracts, 3)
    assert locator.triple(A, C, Literal("x")) == Place(contracts, 4)
    assert locator.triple(A, SAME, D) == Place(links, 2)
    assert locator.triple(A, B, A) is None
    assert locator.subject(A) == Place(contracts, 1)
    assert locator.subject(C) is None
    assert locator.mention(C) == Place(contracts, 2)
    assert locator.mention(SAME) == Place(links, 2)
    found = locator.at(Pattern(A, B))
    assert found
    assert (found.first, found.last) == (Place(contracts, 2), Place(people, 2))


def test_what_is_announced_is_found_in_one_pass(register_of: Write) -> None:
    register = register_of(FILES)
    locator = Locator(register)
    patterns = [Pattern(A, B, C), Pattern(object=D), Pattern(D), Pattern(B, C)]
    locator.find(patterns)
    for path in register.data.rglob("*.*"):
        path.unlink()
    assert [bool(locator.at(pattern)) for pattern in patterns] == [True, True, True, False]


def test_a_file_with_a_syntax_error_is_read_up_to_it(register_of: Write) -> None:
    locator = Locator(
        register_of({"people.ttl": "<a> <b> <c> .\n<a> <b> <d> \n<c> <b> <d> .", "topics.ttl": "<d> <b> <c> ."})
    )
    assert locator.subject(A)
    assert locator.subject(D)
    assert locator.subject(C) is None
