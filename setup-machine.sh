#!/usr/bin/env bash
# Makes a machine ready: virtual environment, packages, front-end files, message catalogues.
#   ./setup-machine.sh        what `make run` needs
#   ./setup-machine.sh test   what `make test` needs as well (as root on Debian it also installs
#                             what only root can: Chromium, Redis, Chinese fonts)
# Each step leaves a stamp of what it was made from, so a second start does nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
purpose=${1:-run}
venv=.venv
vendor=static/vendor
began=$EPOCHREALTIME

say() {
    local now=$EPOCHREALTIME
    awk -v a="$began" -v b="$now" -v text="$*" 'BEGIN { printf "%6.1f s  %s\n", b - a, text }'
}

stop() {
    echo "$*" >&2
    exit 1
}

digest() { cat "$@" | sha256sum | cut -c1-64; }

fresh() { # fresh STAMP DIGEST: was the step done from the same sources?
    [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

install_as_root() { # install_as_root PACKAGE…: Debian's packages, in one go
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return
    apt-get update -qq >/dev/null 2>&1 || true
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

find_python() {
    local name
    for name in python3.11 python3 python3.12 python3.13; do
        if command -v "$name" >/dev/null &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

make_environment() {
    [ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && return
    local python
    python=$(find_python) || stop "需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed."
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        install_as_root python3-venv ||
            stop "请先以 root 安装 python3-venv / Install it as root first: apt-get install python3-venv"
    fi
    "$python" -m venv --clear "$venv"
    say "虚拟环境已建立 / virtual environment made ($("$python" -V))"
}

install_pins() { # install_pins FILE
    local stamp="$venv/.${1%.txt}.stamp" now
    now=$(digest "$1")
    fresh "$stamp" "$now" && return
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes --requirement "$1"
    echo "$now" >"$stamp"
    say "已按 $1 安装软件包 / packages installed from $1"
}

find_npm() {
    if command -v npm >/dev/null && npm --version >/dev/null 2>&1; then
        echo npm
    elif [ -x "$venv/bin/npm" ]; then
        echo "$venv/bin/npm"
    else
        return 1
    fi
}

take() { # take FROM TO: copies a front-end file without its reference to a source map we do not ship
    sed '/^\/\/# sourceMappingURL=/d' "node_modules/$1" >"$vendor/$2"
}

fetch_assets() {
    local now npm
    # package.json and this script say what is copied, the lock what is fetched
    now=$(digest package-lock.json package.json setup-machine.sh)
    fresh "$vendor/.stamp" "$now" && return
    npm=$(find_npm) || {
        install_pins requirements-assets.txt
        npm="$venv/bin/npm"
    }
    PATH="$PWD/$venv/bin:$PATH" "$npm" ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
    mkdir -p "$vendor"
    take htmx.org/dist/htmx.min.js htmx.min.js
    take htmx.org/LICENSE htmx.LICENSE.txt
    take echarts/dist/echarts.min.js echarts.min.js
    take echarts/LICENSE echarts.LICENSE.txt
    take echarts/NOTICE echarts.NOTICE.txt
    echo "$now" >"$vendor/.stamp"
    say "前端文件已就位 / front-end files copied to $vendor"
}

compile_messages() {
    [ -d locale ] || return 0
    local catalogue
    while IFS= read -r catalogue; do
        [ "${catalogue%.po}.mo" -nt "$catalogue" ] && continue
        "$venv/bin/pybabel" --quiet compile --input-file "$catalogue" --output-file "${catalogue%.po}.mo"
        say "已编译译文 / translations compiled: $catalogue"
    done < <(find locale -name '*.po')
}

install_test_programs() {
    local wanted=()
    command -v chromium >/dev/null || wanted+=(chromium)
    command -v redis-server >/dev/null || wanted+=(redis-server)
    compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null || wanted+=(fonts-noto-cjk)
    [ ${#wanted[@]} -gt 0 ] || return 0
    if install_as_root "${wanted[@]}"; then
        say "已以 root 安装 / installed as root: ${wanted[*]}"
    else
        say "只有 root 能安装，相关测试将跳过 / only root can install, their tests will be skipped: ${wanted[*]}"
    fi
}

make_environment
install_pins requirements.txt
if [ "$purpose" = test ]; then
    install_pins requirements-dev.txt
    install_test_programs
fi
fetch_assets
compile_messages
say "机器已就绪 / machine ready"
