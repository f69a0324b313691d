"""Names out of CLDR, as Babel carries it: what a language calls countries, currencies, languages, scripts and cities.

Run as a script it writes the names of one locale, as JSON: every locale is read in a process of its own, because Babel
2.18 mixes them up. Resolving a locale's stand-alone months writes into the data that all locales share, so that after
Hebrew has been read, March is Hebrew in Chinese too.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import orjson
from babel import Locale, localedata

from engine.entity_names import Names, locale_names, plain_name
from engine.errors import IsoglossError


def base_locales() -> list[str]:
    """The locales that are a language and nothing else, without a script or a region, in alphabetical order."""
    return sorted(code for code in localedata.locale_identifiers() if "_" not in code)


def names_of(locales: Iterable[str]) -> dict[str, Names]:
    """The names of each locale, read side by side. Raises IsoglossError for a locale that CLDR does not have."""
    wanted = list(locales)
    if unknown := sorted(set(wanted) - set(base_locales())):
        raise IsoglossError(f"CLDR has no locale {', '.join(unknown)}; it has {', '.join(base_locales())}")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(wanted, pool.map(_read_apart, wanted), strict=True))


def _read_apart(code: str) -> Names:
    done = subprocess.run([sys.executable, "-m", __name__, code], capture_output=True, check=False)
    if done.returncode:
        raise IsoglossError(f"the names of the locale {code} could not be read: {done.stderr.decode().strip():.300}")
    names: Names = orjson.loads(done.stdout)
    return names


def read_names(code: str) -> dict[str, str]:
    """All names of a locale by key. Only for a process that has read no other locale (see above)."""
    locale = Locale(code)
    names = {f"month:{number}": name for number, name in locale.months["stand-alone"]["wide"].items()}
    names |= {f"weekday:{number}": name for number, name in locale.days["stand-alone"]["wide"].items()}
    return locale_names(locale) | {key: plain for key, name in names.items() if (plain := plain_name(name))}


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(read_names(sys.argv[1])))
