"""Dates in words, in each language that ships complete."""

from __future__ import annotations

import pytest

from vertragsgraph.rdf.literals.dates import rough_date_text
from vertragsgraph.texts import Language

WORDS = {
    "2015~": ("around 2015", "um 2015", "vers 2015"),
    "2015-06-03~": ("around 3 June 2015", "um den 3. Juni 2015", "vers le 3 juin 2015"),
    "2015?": ("presumably 2015", "vermutlich 2015", "probablement 2015"),
    "2015%": ("presumably around 2015", "vermutlich um 2015", "probablement vers 2015"),
    "201X": ("in the 2010s", "in den 2010er-Jahren", "dans les années 2010"),
    "201X~": ("around the 2010s", "um die 2010er-Jahre", "vers les années 2010"),
    "201X?": ("presumably in the 2010s", "vermutlich in den 2010er-Jahren", "probablement dans les années 2010"),
    "20XX": ("between 2000 and 2099", "zwischen 2000 und 2099", "entre 2000 et 2099"),
    "../2018": ("before 2019", "vor 2019", "avant 2019"),
    "../201X": ("before 2020", "vor 2020", "avant 2020"),
    "../2018-06": ("June 2018 or earlier", "Juni 2018 oder früher", "juin 2018 ou avant"),
    "../2018~": ("about 2018 or earlier", "etwa 2018 oder früher", "environ 2018 ou avant"),
    "2019/..": ("2019 or later", "2019 oder später", "2019 ou plus tard"),
    "2014/2016": ("between 2014 and 2016", "zwischen 2014 und 2016", "entre 2014 et 2016"),
    "2015-06-03/2015-06-05": (
        "between 3 June 2015 and 5 June 2015",
        "zwischen dem 3. Juni 2015 und dem 5. Juni 2015",
        "entre le 3 juin 2015 et le 5 juin 2015",
    ),
    "2014?/2016~": (
        "between presumably 2014 and about 2016",
        "zwischen vermutlich 2014 und etwa 2016",
        "entre probablement 2014 et environ 2016",
    ),
    "2015-06-XX": ("June 2015", "Juni 2015", "juin 2015"),
    "2015-XX-XX": ("2015", "2015", "2015"),
    "2016/2014": ("2016/2014", "2016/2014", "2016/2014"),
    "nonsense": ("nonsense", "nonsense", "nonsense"),
}


@pytest.mark.parametrize(("date", "words"), WORDS.items())
def test_rough_dates_in_words(date: str, words: tuple[str, ...]) -> None:
    assert tuple(rough_date_text(date, Language(language)) for language in ("en", "de", "fr")) == words
