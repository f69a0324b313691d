"""What a library raises for files that it cannot use, said in one line that names the folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from huggingface_hub.errors import StrictDataclassError
from safetensors import SafetensorError

from engine.models.loading.device import out_of_memory
from engine.models.loading.unusable import UnusableModel, first_line

# What transformers, peft and safetensors raise; anything else is a fault of this project and stays one.
_UNREADABLE = (
    OSError,
    ValueError,
    RuntimeError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    SafetensorError,
    StrictDataclassError,
)


@contextmanager
def reading(folder: Path, what: str, *, remedy: str = "correct its files, or get them again") -> Iterator[None]:
    """Raise UnusableModel where a library gives up: `what` went wrong, why, and the remedy; or say it is the memory."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise out_of_memory(f"{folder}: {first_line(error)}") from error
    except ImportError as error:
        raise UnusableModel(
            folder, f"{what}: a package is missing: {first_line(error)}", "install it, or take a model without it"
        ) from error
    except Exception as error:
        # The tokenizers library raises nothing more special than Exception itself.
        if type(error) is not Exception and not isinstance(error, _UNREADABLE):
            raise
        if "allocate memory" in str(error):
            raise out_of_memory(f"{folder}: {first_line(error)}") from error
        kind = "" if isinstance(error, (OSError, ValueError, RuntimeError)) else f"{type(error).__name__} "
        raise UnusableModel(folder, f"{what}: {kind}{first_line(error)}", remedy) from error
