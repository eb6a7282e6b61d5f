# Finds or brings uv, and brings the tools' environment up to date; sourced by the scripts in bin/.
#
# Needs bash and any Python 3 with venv or pip. Leaves the working directory at the root, BALCAO_UV
# with a uv that runs, and `python` with the interpreter of the tools' environment.

set -euo pipefail

root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
python="$root/.venv/bin/python"

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "✗ $1"
  shift
  for line in "$@"; do say "  $line"; done
  exit 1
}

# A version manager may put a `uv` on PATH that only says it isn't there, so ask each to answer.
uv_answers() {
  "$1" --version 2>/dev/null | grep -Eq '^uv (0\.([5-9]|[1-9][0-9])|[1-9])'
}

find_uv() {
  local candidate
  while IFS= read -r candidate; do
    if [ -n "$candidate" ] && uv_answers "$candidate"; then
      printf '%s\n' "$candidate"
      return
    fi
  done < <(
    printf '%s\n' "${BALCAO_UV:-}"
    type -ap uv || true
    printf '%s\n' "$HOME/.local/bin/uv" "$HOME/.cargo/bin/uv" "$root/var/tools/bin/uv"
  )
  return 1
}

find_python() {
  local candidate
  while IFS= read -r candidate; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1; then
      printf '%s\n' "$candidate"
      return
    fi
  done < <(type -ap python3 python3.14 python3.13 python3.12 python3.11 python3.10 python || true)
  return 1
}

bring_uv() {
  local found log="$root/var/tools.log"
  found=$(find_python) || fail "Python 3 is needed to begin, and none was found." \
    "Install it (on Debian and Ubuntu: apt-get install python3 python3-venv) and start again."
  mkdir -p "$root/var"
  rm -rf "$root/var/tools"
  say "· uv, which installs everything else, is missing: bringing it into var/tools (once)"
  if { "$found" -m venv "$root/var/tools" && "$root/var/tools/bin/python" -m pip install uv; } \
      >"$log" 2>&1; then
    return
  fi
  rm -rf "$root/var/tools"
  if "$found" -m pip install --target "$root/var/tools" uv >>"$log" 2>&1; then
    return
  fi
  fail "uv could not be installed: neither \`python3 -m venv\` nor \`python3 -m pip\` managed to." \
    "On Debian and Ubuntu, apt-get install python3-venv may be all that is missing;" \
    "or install uv yourself (https://docs.astral.sh/uv/). The last words were:" \
    "$(tail -n 1 "$log")" "All of them are in var/tools.log."
}

sync_tools() {
  local quiet=()
  if [ ! -x "$python" ]; then say "· Setting up the tools' environment (Python 3.12)"; fi
  # uv's own progress is for a terminal, and worth seeing the first time alone.
  if [ -x "$python" ] || [ ! -t 2 ]; then quiet=(--quiet); fi
  if "$BALCAO_UV" sync --frozen ${quiet[@]+"${quiet[@]}"}; then return; fi
  if ! "$BALCAO_UV" python find 3.12 >/dev/null 2>&1; then
    fail "The desk needs Python 3.12: it is not on this machine and could not be downloaded." \
      "Install it (\`uv python install 3.12\`, pyenv or your system's packages) and start again."
  fi
  fail "The tools' environment (.venv) could not be brought up to date; the reason is above."
}

cd "$root"
unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT
BALCAO_UV=$(find_uv) || { bring_uv; BALCAO_UV=$(find_uv) || fail "uv was installed but doesn't run."; }
export BALCAO_UV PYTHONPATH="$root"
sync_tools
