import hashlib
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import canonicalize
from ledger.errors import Invalid
from ledger.strict_json import DEFAULT, MAX_INTEGER, Limits, parse

SUITE = Path(__file__).parents[3] / "shared" / "vectors" / "jsontestsuite"
needs_suite = pytest.mark.skipif(not SUITE.is_dir(), reason=f"JSONTestSuite is not there: {SUITE}")

# Valid JSON, but no I-JSON: which of the two members counts is open.
DUPLICATES = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}
# "Either way" for the suite; taken here because they are plain numbers and not deep.
TAKEN = {"i_number_double_huge_neg_exp.json", "i_number_real_underflow.json"}
OPEN_ARRAY_OBJECT = b'[{"":' * 50_000 + b"\n"


def code_of(data: bytes, limits: Limits = DEFAULT) -> tuple[str, str | None]:
    with pytest.raises(Invalid) as caught:
        parse(data, limits)
    assert caught.value.mend
    return caught.value.code, caught.value.pointer


def suite(prefix: str, folder: str = "test_parsing") -> list[Path]:
    return sorted((SUITE / folder).glob(f"{prefix}*.json"))


@needs_suite
class TestJSONTestSuite:
    def test_is_whole(self) -> None:
        assert [len(suite(letter)) for letter in "yni"] == [95, 187, 35]

    @pytest.mark.parametrize("path", suite("y"), ids=lambda path: path.name)
    def test_valid_is_taken(self, path: Path) -> None:
        if path.name in DUPLICATES:
            assert code_of(path.read_bytes()) == ("json.duplicate-key", "/a")
            return
        value = parse(path.read_bytes())
        assert value == json.loads(path.read_bytes())
        assert parse(canonicalize(value)) == value

    @pytest.mark.parametrize("path", suite("n"), ids=lambda path: path.name)
    def test_invalid_is_refused(self, path: Path) -> None:
        code_of(path.read_bytes())

    @pytest.mark.parametrize("path", suite("i"), ids=lambda path: path.name)
    def test_what_readers_disagree_about_is_refused(self, path: Path) -> None:
        if path.name in TAKEN:
            assert canonicalize(parse(path.read_bytes())) == b"[0]"
        else:
            code_of(path.read_bytes())

    @pytest.mark.parametrize("path", suite("", "test_transform"), ids=lambda path: path.name)
    def test_what_readers_transform_is_refused_or_kept(self, path: Path) -> None:
        refused = ("same_key", "0000999", "922337", "invalid_codepoint")
        if any(part in path.name for part in refused) and "unclear" not in path.name:
            code_of(path.read_bytes())
        elif "unclear" not in path.name:
            assert parse(canonicalize(parse(path.read_bytes()))) == json.loads(path.read_bytes())


def test_the_big_file_left_out_of_the_suite() -> None:
    digest = hashlib.sha256(OPEN_ARRAY_OBJECT).hexdigest()
    assert digest == "48b232fcd18ce2f714a16651ea9f27c04498dcd31ea1329a288c7aa981e1b531"
    assert code_of(OPEN_ARRAY_OBJECT) == ("json.too-deep", None)


@pytest.mark.parametrize(
    ("data", "code", "pointer"),
    [
        (b'{"a":{"b/c":[1,{"x":1,"y":2,"x":3}]}}', "json.duplicate-key", "/a/b~1c/1/x"),
        (b'{"a":1,"\\u0061":2}', "json.duplicate-key", "/a"),
        (b'{"":1,"":2}', "json.duplicate-key", "/"),
        (b'{"a":{"m":1,"m":2},"b":NaN}', "json.duplicate-key", "/a/m"),
        (b'{"a":[0,NaN]}', "json.number", "/a/1"),
        (b"[Infinity]", "json.number", "/0"),
        (b"-Infinity", "json.number", ""),
        (b'{"weight":9007199254740992}', "json.number", "/weight"),
        (b'{"weight":-9007199254740992}', "json.number", "/weight"),
        (b'{"weight":9007199254740992.0}', "json.number", "/weight"),
        (b'{"weight":9007199254740991.5}', "json.number", "/weight"),
        (b'{"weight":1E20}', "json.number", "/weight"),
        (b'{"weight":1' + b"0" * 5000 + b"}", "json.number", "/weight"),
        (b'{"weight":1000000000000000000000}', "json.number", "/weight"),
        (b'{"weight":1E400}', "json.number", "/weight"),
        (b'{"name":"\\ud800"}', "json.surrogate", "/name"),
        (b'{"name":"\\uDE00\\uD83D"}', "json.surrogate", "/name"),
        (b'{"o":{"\\udfff":1}}', "json.surrogate", "/o"),
        (b'{"name":"\xed\xa0\x80"}', "json.encoding", None),
        (b'{"name":"\xff"}', "json.encoding", None),
        (b"\xef\xbb\xbf{}", "json.byte-order-mark", None),
        ('{"a":1}'.encode("utf-16"), "json.encoding", None),
        ('{"a":1}'.encode("utf-16-le"), "json.syntax", None),
        (b"", "json.syntax", None),
        (b"{}{}", "json.syntax", None),
        (b"[1,]", "json.syntax", None),
        (b'{"a":"\x01"}', "json.syntax", None),
        (b'{"a" "b"}', "json.syntax", None),
        (b"[" * 33 + b"]" * 33, "json.too-deep", None),
    ],
)
def test_refused(data: bytes, code: str, pointer: str | None) -> None:
    assert code_of(data) == (code, pointer)


@pytest.mark.parametrize(
    ("data", "canonical"),
    [
        (b"9007199254740991", b"9007199254740991"),
        (b"-9007199254740991", b"-9007199254740991"),
        (b"1E30", b"1e+30"),
        (b"1E21", b"1e+21"),
        (b"1000000000000000000000.0", b"1e+21"),
        (b"12000.0", b"12000"),
        (b"-0", b"0"),
        (b"-0.0", b"0"),
        (b'"\\ud83d\\ude00"', '"😀"'.encode()),
        (b'{"[[[[":"]]]]{{{{\\"[[[["}', b'{"[[[[":"]]]]{{{{\\"[[[["}'),
        (b"[" * 32 + b"]" * 32, b"[" * 32 + b"]" * 32),
        (b' \t\r\n{"b":1,"a":null} ', b'{"a":null,"b":1}'),
    ],
)
def test_taken(data: bytes, canonical: bytes) -> None:
    assert canonicalize(parse(data)) == canonical


def test_names_that_differ_in_normal_form_only_are_two_names() -> None:
    assert parse(b'{"\xc3\xa9":1,"e\xcc\x81":2}') == {"\u00e9": 1, "e\u0301": 2}


def test_limits_are_kept_before_values_are_built() -> None:
    assert code_of(b"[1,2,3]", Limits(max_bytes=6))[0] == "json.too-large"
    assert code_of(b"[1,2,3]", Limits(max_members=2))[0] == "json.too-large"
    assert parse(b"[1,2,3]", Limits(max_bytes=7, max_members=3)) == [1, 2, 3]
    assert code_of(b"[[1]]", Limits(max_depth=1))[0] == "json.too-deep"
    tracemalloc.start()
    code_of(b"[" + b"{}," * 1_000_000 + b"{}]")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * 1024 * 1024


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "data",
    [
        b'"' + b'\\"' * 2_000_000,
        b'"' * 4_000_000,
        b"\\" * 4_000_000,
        b'{"a":"' + b"\\" * 4_000_000,
        b"{" + b",".join(b'"%d":0' % number for number in range(190_000)) + b',"189999":0}',
    ],
)
def test_no_input_costs_more_than_linear_time(data: bytes) -> None:
    code_of(data)


def test_errors_show_no_content() -> None:
    secret = b"S3CRET" * 200
    for data in (b'{"' + secret + b'":{"x":1,"x":2}}', b'{"a":"' + secret, b'["' + secret + b'",NaN]'):
        with pytest.raises(Invalid) as caught:
            parse(data)
        assert "S3CRET" not in str(caught.value)


floats = st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: abs(x) <= MAX_INTEGER or abs(x) >= 1e21)
values = st.recursive(
    st.none() | st.booleans() | st.text() | floats | st.integers(-MAX_INTEGER, MAX_INTEGER),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=30,
)


@given(values)
def test_reads_what_the_standard_library_writes(value: object) -> None:
    data = json.dumps(value).encode()
    assert parse(data) == json.loads(data)


@given(st.lists(st.text(alphabet='[]{},"\\a')), st.text(alphabet='[]{}"\\', max_size=40))
def test_what_stands_in_texts_is_no_structure(texts: list[str], rest: str) -> None:
    shallow = Limits(max_depth=1, max_members=len(texts) + 1)
    data = json.dumps(texts).encode()
    assert parse(data, shallow) == texts
    code_of(data + b"\\" + rest.encode(), shallow)


@given(st.binary(max_size=200) | st.text(alphabet='[]{}",:\\u0dD8e1.-truefalsn ').map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        value = parse(data)
    except Invalid:
        return
    assert json.loads(data) == value
    canonicalize(value)
