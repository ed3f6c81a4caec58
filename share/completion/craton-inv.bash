# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# bash completion for Craton's tools. Verbs and options are those that --help tells, names are
# asked of the database.

# _craton_words TEXT WORD: COMPREPLY from the lines of a text.
_craton_words() {
	local line
	COMPREPLY=()
	while IFS= read -r line; do
		[[ $line == "$2"* ]] && COMPREPLY+=("$(printf '%q' "$line")")
	done <<<"$1"
}

# The value of an option: what --help calls it says what can stand there.
_craton_value() {
	local tool=$1 option=$2 word=$3 head=
	case $option in
	-l | --labels)
		# The last requirement of several.
		[[ $word == *,* ]] && head=${word%,*},
		word=${word##*,}
		[[ $word == '!'* ]] && head=$head! word=${word#!}
		_craton_words "$(craton-inv complete labels "$word" 2>/dev/null)" "$word"
		COMPREPLY=("${COMPREPLY[@]/#/$head}")
		[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
		;;
	-w | --with | -x | --without | --parent | --host)
		_craton_words "$(craton-inv complete names "$word" 2>/dev/null)" "$word"
		;;
	--kind) _craton_words "$(craton-inv complete kinds "$word" 2>/dev/null)" "$word" ;;
	--source) _craton_words "$(craton-inv complete sources "$word" 2>/dev/null)" "$word" ;;
	-o | --output) _craton_words $'table\njsonl\njson\ntsv\nnames' "$word" ;;
	*) compopt -o default ;;
	esac
}

_craton() {
	local tool=${COMP_WORDS[0]##*/} word=$2 before=$3 help
	[[ $word == '=' ]] && word=
	if ((COMP_CWORD == 1)); then
		help=$("$tool" --help 2>/dev/null | sed -n '/^Verbs:/,/^$/s/^  \([a-z][a-z-]*\).*/\1/p')
		_craton_words "$help" "$word"
		return
	fi
	help=$("$tool" "${COMP_WORDS[1]}" --help 2>/dev/null)
	if [[ $word == -* ]]; then
		_craton_words "$(sed -n 's/^  \(-., \|    \)\(--[a-z][a-z0-9-]*\).*/\2/p' <<<"$help")" "$word"
	elif [[ $before == -?* ]] && grep -Eq -- "^ *($before, --[a-z0-9-]+|(-., )?$before) [A-Z]" <<<"$help"; then
		_craton_value "$tool" "$before" "$word"
	else
		_craton_words "$(craton-inv complete names "$word" 2>/dev/null)" "$word"
		compopt -o default
	fi
}

complete -F _craton craton-inv craton-label craton-audit craton-remediate craton-sim
