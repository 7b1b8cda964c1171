"""Class names from YAML: every way of writing them, and nothing guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.domain.errors import DatasetError
from edgeperf_gui.zoo.names_yaml import read_names

ANIMALS = ("cat", "dog", "guinea pig")


@pytest.mark.parametrize(
    "text",
    [
        "names: [cat, dog, guinea pig]",
        "nc: 3\nnames: ['cat', \"dog\", guinea pig]  # three\n",
        "names: [cat,\n  dog, # barks\n  guinea pig,\n]\nnc: 3",
        "names: {0: cat, 2: guinea pig, 1: 'dog'}",
        "names:\n- cat\n- dog\n- guinea pig\nnc: 3\n",
        "# set\npath: .\nval: images\n\nnames:\n  - cat\n\n  # a friend\n  - 'dog'\n  - guinea pig # small\n",
        "names:\n  0: cat\n  1: dog\n  2: guinea pig\ndownload: |\n  names: no\n",
        "names:   # here they are\r\n  0: cat\r\n  1: dog\r\n  2: guinea pig\r\n",
    ],
)
def test_ways_of_writing(text: str) -> None:
    assert read_names(text, "data.yaml") == ANIMALS


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("names: cat", 1, "neither a list nor a map"),
        ("names: [cat, dog", 1, "do not end"),
        ("names: [cat, 'dog]", 1, "quote"),
        ("names: [cat dog] extra", 1, "follows"),
        ("names: {a: cat}", 1, "number"),
        ("names: {0: cat, 0: dog}", 1, "twice"),
        ("names: {0: cat, 2: dog}", 1, "gap"),
        ("names: []", 1, "empty"),
        ("nc: 2\nnames:\n\nother: 3", 2, "empty"),
        ("names:\n  - cat\n    - dog", 3, "neither a name"),
        ("names:\n  - cat\n  1: dog", 3, "neither a name"),
        ("names:\n  0: cat\n  1: dog\n  1: cow", 4, "twice"),
        ("names:\n  - &a cat", 2, "quotes"),
        ("names:\n  - !!python/object cat", 2, "quotes"),
        ("names:\n  - cat: dog", 2, "quotes"),
        ("names:\n  - 'cat' dog", 2, "follows"),
        ('names: ["\\q"]', 1, "escape"),
        ('names: ["\\uD800"]', 1, "character"),
        ("names: [a]\nnames: [b]", 2, "twice"),
        ("names: *all", 1, "neither a list nor a map"),
    ],
)
def test_what_is_refused_with_its_line(text: str, line: int, word: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read_names(text, "data.yaml")
    assert f"Line {line} of data.yaml" in caught.value.sentence
    assert word in caught.value.sentence


def test_a_file_without_names() -> None:
    assert read_names("path: .\nrenames: [a]\n  names: [b]", "x.yaml") is None
    assert read_names("", "x.yaml") is None


letters = st.text(st.characters(codec="utf-8", exclude_characters="\n\r\x85\u2028\u2029", exclude_categories=["Cc"]), max_size=20)


def quoted(name: str, style: str) -> str:
    if style == "single":
        return "'" + name.replace("'", "''") + "'"
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


@given(
    st.lists(st.tuples(letters, st.sampled_from(["single", "double"])), min_size=1, max_size=8),
    st.sampled_from(["flow", "map", "list", "block map"]),
)
def test_any_name_in_quotes_comes_back(named: list[tuple[str, str]], form: str) -> None:
    words = [quoted(*pair) for pair in named]
    numbered = [f"{number}: {word}" for number, word in enumerate(words)]
    text = {
        "flow": f"names: [{', '.join(words)}]",
        "map": f"names: {{{', '.join(numbered)}}}",
        "list": "names:\n" + "\n".join(f"  - {word}" for word in words),
        "block map": "names:\n" + "\n".join(f"  {word}" for word in numbered),
    }[form]
    assert read_names(text + "\nnc: 1\n", "x.yaml") == tuple(name for name, _ in named)


@given(st.text(max_size=60), st.sampled_from(["names: ", "names:\n", "names: [", "names: {0: ", "names:\n  - ", ""]))
def test_whatever_is_in_it_there_are_names_or_a_sentence(text: str, start: str) -> None:
    try:
        names = read_names(start + text, "x.yaml")
    except DatasetError as error:
        assert "x.yaml" in error.sentence
    else:
        assert names is None or all(isinstance(name, str) for name in names)
