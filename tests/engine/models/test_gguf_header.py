"""The header of a GGUF file as the gguf package writes it, and the numbers of every format as it reads them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gguf import GGUFWriter
from gguf.constants import GGML_QUANT_SIZES
from gguf.constants import GGMLQuantizationType as Format
from gguf.quants import dequantize
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import IsoglossError
from engine.facts.build import EMBEDDED_LANGUAGES
from engine.models.loading.gguf.dequantised import PlainTensor, plain_values, refuse_unknown_formats
from engine.models.loading.gguf.header import read_gguf_header
from engine.models.loading.gguf.proof import LANGUAGES
from tests.support.gguf_small import write

_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
_WHOLE = st.integers(0, 2**32 - 1)
_METADATA = st.dictionaries(
    st.text("abcxyz._", min_size=1, max_size=12).map("a.{}".format),
    st.one_of(_TEXT, _WHOLE, st.booleans(), st.lists(_TEXT, min_size=1, max_size=5)),
    max_size=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(metadata=_METADATA)
def test_what_is_written_is_read(metadata: dict[str, Any], tmp_path: Path) -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    file = write(tmp_path / "a.gguf", "llama", dict(metadata), {"t": (values, Format.F32), "u": (values.T, Format.F32)})
    header = read_gguf_header(file)
    assert {key: value for key, value in header.metadata.items() if key.startswith("a.")} == metadata
    assert (header.tensors["t"].shape, header.tensors["u"].shape) == ((3, 4), (4, 3))
    content = file.read_bytes()
    for name, tensor in header.tensors.items():
        kept = np.frombuffer(content, "<f4", tensor.size, tensor.start).reshape(tensor.shape)
        assert np.array_equal(kept, values if name == "t" else values.T)


def test_metadata_written_in_chunks_may_be_of_any_kind_of_number(tmp_path: Path) -> None:
    writer = GGUFWriter(str(tmp_path / "a.gguf"), "llama")
    numbers = {"u8": 255, "i8": -128, "u16": 65_535, "i16": -32_768, "u64": 2**64 - 1, "i64": -(2**63)}
    adds = (writer.add_uint8, writer.add_int8, writer.add_uint16, writer.add_int16, writer.add_uint64, writer.add_int64)
    for (key, number), add in zip(numbers.items(), adds, strict=True):
        add(key, number)
    writer.add_float64("f64", 0.1)
    writer.add_array("whole", [1, -2, 3])
    writer.add_tensor("t", np.zeros(4, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    metadata = read_gguf_header(tmp_path / "a.gguf").metadata
    assert {key: metadata[key] for key in numbers} == numbers
    assert (metadata["f64"], metadata["whole"]) == (0.1, [1, -2, 3])


_READ = [kind for kind in Format if kind.name.startswith(("F16", "F32", "BF16", "Q", "IQ", "TQ", "MXFP4"))]


@pytest.mark.parametrize("kind", _READ, ids=lambda kind: kind.name)
def test_the_numbers_of_every_format_are_those_that_the_package_reads(kind: Format, tmp_path: Path) -> None:
    per_block, block_bytes = GGML_QUANT_SIZES[kind]
    # 2,048 blocks in four rows: several parts of an odd number of blocks, whose bytes are any but no NaN
    blocks = np.random.default_rng(int(kind)).integers(0, 60, (4, 512 * block_bytes), np.uint8)
    file = write(tmp_path / "a.gguf", "llama", {}, {"t": (blocks, kind)})
    header = read_gguf_header(file)
    try:
        wanted = dequantize(blocks, kind)
    except NotImplementedError:
        with pytest.raises(IsoglossError, match=f"in number format {kind.name}, which is not read"):
            refuse_unknown_formats(header)
        return
    refuse_unknown_formats(header)
    found = plain_values(header, PlainTensor("t", header.tensors["t"], "none", 1), torch.float32)
    assert found.shape == (4, 512 * per_block)
    assert np.array_equal(found.numpy(), wanted)


def test_a_tokenizer_is_tried_in_every_language_of_the_embedded_facts() -> None:
    assert sorted(LANGUAGES) == sorted(EMBEDDED_LANGUAGES)
