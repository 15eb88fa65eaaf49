# Prints the checklist with what the last run of the tests says of each item:
#   awk -f checklist.awk LacEdge.Tests/Conformance/checklist.txt RESULTS.trx...
# A line per item: number, results, statement, the classes whose tests begin with that number.

# An item, or a group's heading.
FILENAME ~ /checklist\.txt$/ {
    if (/^= /) { heading[count + 1] = $2; sub(/^= [A-Z0-9]+ (complete )? */, ""); rfc[count + 1] = $0 }
    else if (/^[A-Z0-9]+-[0-9][0-9][0-9] /) { item[++count] = $1; sub(/^[^ ]+ /, ""); open[count] = sub(/^\(open\) /, ""); text[count] = $0 }
    next
}

# GROUP_123_124_OTHER_007_what_is_stated: the same rule as in ChecklistTests.cs.
/<UnitTestResult / && match($0, / testName="[^"(]*/) {
    name = substr($0, RSTART + 11, RLENGTH - 11)
    match($0, / outcome="[^"]*/)
    outcome = substr($0, RSTART + 10, RLENGTH - 10)
    parts = split(name, part, ".")
    words = split(part[parts], word, "_")
    group = ""
    for (i = 1; i <= words; i++) {
        if (word[i] ~ /^[0-9][0-9][0-9]$/ && group != "") note(group "-" word[i], outcome, part[parts - 1])
        else if (word[i] ~ /^[A-Z][A-Z0-9]+$/) group = word[i]
        else break
    }
}

function note(number, outcome, class) {
    results[number, (outcome == "Passed" ? "passed" : outcome == "Failed" ? "failed" : "skipped")]++
    if (!seen[number, class]++) classes[number] = classes[number] (classes[number] == "" ? "" : " ") class
}

function add(line, number, outcome) {
    return results[number, outcome] ? line (line == "" ? "" : ", ") results[number, outcome] " " outcome : line
}

END {
    for (n = 1; n <= count; n++) {
        if (n in heading) printf "%s%s   %s\n", (n > 1 ? "\n" : ""), heading[n], rfc[n]
        number = item[n]
        line = add(add(add("", number, "passed"), number, "failed"), number, "skipped")
        if (line == "") missing++
        if (open[n]) opened++
        printf "%-10s %-10s  %s%s\n", number, line == "" ? (open[n] ? "open" : "-") : line, text[n], classes[number] == "" ? "" : sprintf("%*s", 90 - length(text[n]), "") classes[number]
    }
    printf "\n%d of %d items have tests in this run%s\n", count - missing, count, opened ? "; " opened " open" : ""
}
