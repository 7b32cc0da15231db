# The examples are whole: every public function is used in one that is compiled, and the README names them all.
. "$(dirname "$0")/tap.bash"

# Without comments: what is only talked about is not used.
code() { gcc -fpreprocessed -dD -E -P examples/*.c examples/*/*.[ch] 2>&1; }

every_function_is_used() {
    comm -23 <(sort "$here/symbols.txt") <(code | grep -oE '\bsyncplay_[a-z_]+' | sort -u) | sed 's/$/ is in no example/'
}

readme_names_them() {
    local example
    for example in examples/*; do
        sed -n '/<!-- examples -->/,/^$/p' README.md | grep -qF "]($example" || echo "README.md does not list $example"
    done
}

check "every public function is used in an example" every_function_is_used
check "the README lists every example" readme_names_them
finish
