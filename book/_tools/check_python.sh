#!/bin/sh
# Say in one line why a Python cannot make the book's environment; say nothing when it can.
# sh book/_tools/check_python.sh python3

python=$1
install="install Python 3.11 or newer; if it has another name: make PYTHON=python3.12 book"

if ! command -v "$python" >/dev/null; then
    echo "there is no $python: $install"
elif ! version=$("$python" --version 2>&1); then
    echo "$python does not run: $install"
else
    minor=${version#Python 3.}
    minor=${minor%%[!0-9]*}
    if [ "${minor:-0}" -lt 11 ]; then
        echo "$python is $version, but the book needs 3.11: $install"
    elif ! "$python" -c "import ensurepip, venv" 2>/dev/null; then
        echo "$python lacks the module venv or ensurepip: on Debian, apt-get install python3-venv"
    fi
fi
