# SPDX-License-Identifier: Apache-2.0
# fish completion for Craton's tools. Verbs and options are those that --help tells, names are
# asked of the database.

function __craton_verbs
    set -l tool (commandline -opc)[1]
    $tool --help 2>/dev/null | sed -n '/^Verbs:/,/^$/s/^  \([a-z][a-z-]*\)  *\(.*\)/\1\t\2/p'
end

function __craton_options
    set -l words (commandline -opc)
    $words[1] $words[2] --help 2>/dev/null | sed -n 's/^  \(-., \|    \)\(--[a-z][a-z0-9-]*\).*/\2/p'
end

function __craton_asked
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    switch $words[-1]
        case -l --labels
            set -l head (string match -r '^.*,!?|^!' -- $word)
            set -l last (string replace -r '^.*,' '' -- $word | string replace -r '^!' '')
            craton-inv complete labels "$last" 2>/dev/null | string replace -r '^' -- "$head"
        case --kind
            craton-inv complete kinds "$word" 2>/dev/null
        case --source
            craton-inv complete sources "$word" 2>/dev/null
        case -o --output
            printf '%s\n' table jsonl json tsv names
        case '*'
            craton-inv complete names "$word" 2>/dev/null
    end
end

for tool in craton-inv craton-label craton-audit craton-remediate craton-sim
    complete -c $tool -n 'test (count (commandline -opc)) -eq 1' -f -a '(__craton_verbs)'
    complete -c $tool -n 'test (count (commandline -opc)) -gt 1; and string match -q -- "-*" (commandline -ct)' \
        -f -a '(__craton_options)'
    complete -c $tool -n 'test (count (commandline -opc)) -gt 1; and not string match -q -- "-*" (commandline -ct)' \
        -a '(__craton_asked)'
end
