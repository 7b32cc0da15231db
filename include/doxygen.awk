# Makes of the headers' plain comments what doxygen reads: one at the head of a file is about the file, one behind a declaration
# about that, any other about what follows, and what follows without a blank line in between has the same. Headings of sections
# become its groups.

# What stands below a declaration that had a comment, and has none itself.
function same(name) { return "/** @copydoc " name " */\n" }

FNR == 1 && FILENAME ~ /\/syncplay.h$/ { print "/** @mainpage\n * @copydetails syncplay.h */" }
FNR == 1 && /^\/\*/ { sub(/\/\*/, "/** @file\n *"); in_comment = !/\*\//; print; next }
/^ *\/\* clang-format/ { next }
/^\/\* --- / { gsub(/^\/\* -+ | -+ \*\/$/, ""); print "/** @name " $0 " */"; last = ""; next }
/^ *\/\*/ { sub(/\/\*/, "/**"); in_comment = !/\*\//; last = ""; is_told = 1; print; next }
in_comment { in_comment = !/\*\//; print; next }
/^$/ { last = ""; is_told = 0 }
/^(SYNCPLAY_API|#define) / {
    name = $0
    if (/^#define/) name = $2; else { sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
    sub(/\(.*/, "", name)
    if (last != "") printf "%s", same(last); else if (is_told) last = name
}
/^    size_t struct_size;/ { print "    size_t struct_size; /**< its size as the caller knows it, see syncplay.h */"; next }
/[^ ] +\/\* / && !/\\$/ { sub(/\/\* /, "/**< "); in_comment = !/\*\// }
{ print }
