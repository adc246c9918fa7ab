namespace Harmony.Fleet.Cli.Completing;

/// <summary>What a shell must know to complete command lines: it asks the program itself, with everything up to the cursor.</summary>
internal static class CompletionScripts
{
    /// <summary>For bash 4 and newer. Bash cuts words at = and :, so that what stands before its own word is taken off each candidate. Files are offered only where one is meant.</summary>
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
            before="${line% *}"
            [ ${#COMPREPLY[@]} -gt 0 ] || case "${before##* } $full" in
                *[\<\>]\ *|-f\ *|--file\ *|--token-file\ *|--passphrase-file\ *|--data\ *|backup\ *|restore\ *|*\ --file=*|*\ --token-file=*|*\ --passphrase-file=*|*\ --data=*) compopt -o default 2>/dev/null ;;
            esac
        }
        complete -F _fleet fleet

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
            if (( ${#candidates} )); then
                compadd -- "${candidates[@]}"
            elif [[ "${words[CURRENT-1]}" == (-f|--file|--token-file|--passphrase-file|--data|backup|restore) ]]; then
                _files
            fi
        }
        compdef _fleet fleet

        """;

    /// <summary>For fish.</summary>
    public const string Fish = """
        # fish completion for fleet: fleet completion fish | source
        function __fleet_candidates
            set -l program (commandline -opc)[1]
            set -l found ($program __complete (commandline -cp) 2>/dev/null)
            if test (count $found) -gt 0
                printf '%s\n' $found
            else if contains -- (commandline -opc)[-1] -f --file --token-file --passphrase-file --data backup restore
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c fleet -f -a '(__fleet_candidates)'

        """;
}
