# Building what is stale; sourced by the commands of this folder, which set root to the repository.

source "$root/tools/packages.bash"

cd_root() { cd "$root" || exit 1; }

# The commit that the sources are at, with -dirty behind it if they were changed since. It goes into every run.json.
revision() (
    cd_root
    commit=$(git rev-parse HEAD 2>/dev/null) || exit 0
    git diff --quiet HEAD -- kernels src Directory.Build.props Directory.Packages.props global.json || commit+=-dirty
    echo "$commit"
)

program=$root/src/Sam.Gpu.Cli/bin/Release/net10.0/samgpu.dll

# Says since when and from which revision the program is built.
stamp=${program%/*}/build-stamp

is_stale() (
    cd_root
    [[ -f $program && -f $stamp && -f $packages_file && $(<"$stamp") == "$(revision)" ]] || exit 0
    # Folders count too: one that lost a file is newer than the stamp.
    newer=$(find kernels src "$packages_file" Directory.Build.props Directory.Packages.props global.json \
        \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print -quit)
    [[ -n $newer ]]
)

# There if the last build left the analyzers out.
unchecked=$stamp-unchecked

require_dotnet() {
    command -v dotnet >/dev/null || {
        echo "samgpu: error: there is no 'dotnet' on the path: install the .NET SDK 10 from https://dot.net" >&2
        exit 1
    }
}

# build PROJECT_OR_SOLUTION [OPTION…]: builds it in Release; quiet unless something is wrong. What it builds must include the program.
build() (
    cd_root
    require_dotnet
    find_packages_once
    # The build must not make these folders itself, or the folders that they are in would look newer than the stamp.
    for project in kernels/*/ src/*/; do
        mkdir -p "$project/bin" "$project/obj"
    done
    mkdir -p "${stamp%/*}"
    # The stamp gets the time from before the build: what is edited while it runs is stale.
    revision >"$stamp.new"
    if ! output=$(dotnet build "$1" --configuration Release --nologo --verbosity quiet \
        -p:SourceRevisionId="$(<"$stamp.new")" "${@:2}" 2>&1); then
        echo "$output" >&2
        rm -f "$stamp.new"
        exit 1
    fi
    mv "$stamp.new" "$stamp"
)

# build_to_use PROJECT: without the analyzers, which take half of the time.
build_to_use() {
    build "$1" -p:RunAnalyzers=false && touch "$unchecked"
}

# build_to_check SOLUTION: with the analyzers, also over what was built without them.
build_to_check() {
    # Bash 3.2, which macOS has, takes an empty array for an unset one.
    local options=()
    [[ -f $unchecked ]] && options=(--no-incremental)
    build "$1" ${options[@]+"${options[@]}"} && rm -f "$unchecked"
}
