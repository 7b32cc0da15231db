# The public headers: each compiles alone, in C and C++, with both compilers, and shows nothing of a dependency.
. "$(dirname "$0")/tap.bash"

compiles_alone() {
    local compiler=$1 standard=$2 language=$3 header
    for header in include/syncplay/*.h; do
        printf '#include <syncplay/%s>\nint something;\n' "${header##*/}" |
            $compiler -std="$standard" -x "$language" -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror \
                -fsyntax-only -Iinclude - || echo "$header does not compile alone"
    done
}

includes_only() {
    grep -n '^ *# *include' include/syncplay/*.h | grep -vE '<(stdbool|stddef|stdint)\.h>|<syncplay/[a-z]+\.h>'
    true
}

umbrella_is_whole() {
    local header
    for header in include/syncplay/*.h; do
        echo "#include <syncplay/syncplay.h>" | cc -x c -Iinclude -M - | grep -q "$header" ||
            echo "syncplay.h does not bring $header"
    done
}

check "each header compiles alone as C11 with gcc" compiles_alone gcc c11 c
check "each header compiles alone as C11 with clang" compiles_alone clang c11 c
check "each header compiles alone as C++17 with g++" compiles_alone g++ c++17 c++
check "each header compiles alone as C++17 with clang++" compiles_alone clang++ c++17 c++
check "headers include nothing but three C headers and each other" includes_only
check "syncplay.h brings all headers" umbrella_is_whole
finish
