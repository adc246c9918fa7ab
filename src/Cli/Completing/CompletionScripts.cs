namespace Harmony.Fleet.Cli.Completing;

/// <summary>What a shell must know to complete command lines: it asks the program itself, with everything up to the cursor.</summary>
internal static class CompletionScripts
{
    /// <summary>For bash 4 and newer. Bash cuts words at = and :, so that what stands before its own word is taken off each candidate.</summary>
    public const string Bash = """
        # bash completion for fleet: source <(fleet completion bash)
        _fleet() {
            local line="${COMP_LINE:0:COMP_POINT}" cur="${COMP_WORDS[COMP_CWORD]}" full before candidate
            case "$cur" in =|:) cur="" ;; esac
            full="${line##* }"
            before="${full%"$cur"}"
            COMPREPLY=()
            while IFS=$'\t' read -r candidate _; do
                [ -n "$candidate" ] && COMPREPLY+=("${candidate#"$before"}")
            done < <("${COMP_WORDS[0]}" __complete "$line" 2>/dev/null)
        }
        complete -o default -F _fleet fleet

        """;

    /// <summary>For zsh.</summary>
    public const string Zsh = """
        #compdef fleet
        # zsh completion for fleet: source <(fleet completion zsh)
        _fleet() {
            local -a candidates
            local line
            while IFS=$'\t' read -r line _; do
                [[ -n "$line" ]] && candidates+=("$line")
            done < <("${words[1]}" __complete "${(j: :)words[1,CURRENT]}" 2>/dev/null)
            if (( ${#candidates} )); then compadd -- "${candidates[@]}"; else _files; fi
        }
        compdef _fleet fleet

        """;

    /// <summary>For fish.</summary>
    public const string Fish = """
        # fish completion for fleet: fleet completion fish | source
        function __fleet_candidates
            set -l program (commandline -opc)[1]
            set -l found ($program __complete (commandline -cp) 2>/dev/null)
            if test (count $found) -eq 0
                __fish_complete_path (commandline -ct)
            else
                printf '%s\n' $found
            end
        end
        complete -c fleet -f -a '(__fleet_candidates)'

        """;
}
