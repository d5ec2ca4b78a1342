# SPDX-License-Identifier: Apache-2.0
# Reads meson's testlog.json (one object per line) and prints, separated by tabs:
#   count    PASSED  FAILED      cases of one test program; TAP cases count one by one
#   failed   TEST    CASE
#   skipped  TEST    REASON
function member(name,    start, rest, end) {
    start = index($0, "\"" name "\": \"")
    if (start == 0) return ""
    rest = substr($0, start + length(name) + 5)
    end = match(rest, /[^\\]"(,|})/)
    if (substr(rest, 1, 1) == "\"") return ""
    return substr(rest, 1, end)
}
function reason(line) {
    sub(/^.*# *[Ss][Kk][Ii][Pp][^ ]* */, "", line)
    return line
}
function case_name(line) {
    sub(/^(not )?ok *[0-9]* *-? */, "", line)
    sub(/ *# *[Ss][Kk][Ii][Pp].*$/, "", line)
    return line
}
{
    test = member("name")
    result = member("result")
    sub(/^[^\/]* \/ /, "", test)
    count = split(member("stdout"), line, /\\n/)
    good = bad = left = 0
    for (i = 1; i <= count; i++) {
        if (line[i] ~ /^(ok|not ok) .*# *[Ss][Kk][Ii][Pp]/) {
            left++
            print "skipped\t" test ": " case_name(line[i]) "\t" reason(line[i])
        } else if (line[i] ~ /^ok/) {
            good++
        } else if (line[i] ~ /^not ok/) {
            bad++
            print "failed\t" test "\t" case_name(line[i])
        } else if (line[i] ~ /^1\.\.0/) {
            left++
            print "skipped\t" test "\t" reason(line[i])
        }
    }
    if (result == "SKIP" && left == 0) {
        print "skipped\t" test "\tno reason given"
    } else if (result != "OK" && result != "SKIP" && result != "EXPECTEDFAIL" && bad == 0) {
        bad++
        print "failed\t" test "\t" result
    } else if (good + bad + left == 0) {
        good++
    }
    print "count\t" good "\t" bad
}
