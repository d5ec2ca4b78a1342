# SPDX-License-Identifier: Apache-2.0
# Draws a terminal session (standard input) as SVG. Lines that start with "$ " are commands.
function escape(text) {
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    return text
}
{ line[NR] = escape($0) }
END {
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 920 %d\" ", NR * 19 + 32
    printf "font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"13\">\n"
    printf "<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"#12161D\"/>\n"
    for (i = 1; i <= NR; i++) {
        colour = line[i] ~ /^\$ / ? "#F5B041" : "#E9EDF2"
        printf "<text x=\"18\" y=\"%d\" fill=\"%s\" xml:space=\"preserve\">%s</text>\n", \
            i * 19 + 12, colour, line[i]
    }
    print "</svg>"
}
