# Which of the optional packages can be restored here; sourced by tools/packages and tools/build.bash, which set root to the repository.

# The build imports it: Directory.Build.props.
packages_file=$root/artifacts/packages.props

# Seconds to wait for an answer. Without a network the first no comes in seconds; some firewalls never answer.
packages_wait=60

# Each group stands and falls together: its name in options and properties, then its packages.
ilgpu_packages="ILGPU ILGPU.Algorithms"
oxyplot_packages="OxyPlot.Core"

# with_versions PACKAGE…: "ILGPU 1.5.3, ILGPU.Algorithms 1.5.3"; the versions stand in Directory.Packages.props alone.
with_versions() {
    local package version text=
    for package; do
        version=$(sed -n "s/.*Include=\"$package\" Version=\"\([^\"]*\)\".*/\1/p" "$root/Directory.Packages.props")
        text+="${text:+, }$package $version"
    done
    echo "$text"
}

# start_restore FOLDER PACKAGE…: begins to restore the packages in a project of their own, in the background; leaves the exit code in a file.
start_restore() {
    mkdir -p "$1"
    {
        # It lies under the repository: framework, versions and sources are those of the real build.
        echo '<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>'
        printf '<PackageReference Include="%s" />\n' "${@:2}"
        echo '</ItemGroup></Project>'
    } >"$1/probe.csproj"
    # A "not found" that NuGet remembers does not count; neither does the audit, which needs the network even if the packages are here.
    (cd "$1" && DOTNET_CLI_UI_LANGUAGE=en NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT=2 NUGET_ENHANCED_NETWORK_RETRY_DELAY_MILLISECONDS=500 \
        exec dotnet restore probe.csproj --no-http-cache --disable-build-servers -p:NuGetAudit=false >output 2>&1) &
}

# running PROCESS…: whether one of them still is.
running() {
    local process
    for process; do
        kill -0 "$process" 2>/dev/null && return
    done
    return 1
}

# reason_not_restored CODE FOLDER: what kept the restore that ended with the exit code from its packages; nothing if nothing did.
reason_not_restored() {
    local code=$1 reason
    ((code != 0)) || return 0
    # "PROJECT : error NU1101: MESSAGE. [PROJECT]": the first message, with its code behind it.
    reason=$(sed -n -e 's/ \[[^]]*\.csproj\]$//' -e 's/^.*error \([A-Z]*[0-9]*\): *\(.*[^.]\)\.*$/\2 (\1)/p' "$2/output" | head -n 1)
    if ((code == 137)); then
        reason="no answer from the package sources within $packages_wait s"
    fi
    echo "${reason:-dotnet restore ended with exit code $code}"
}

# as_property TEXT: the text for a property of MSBuild.
as_property() {
    sed 's/%/%25/g; s/\$/%24/g; s/@/%40/g; s/;/%3B/g; s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' <<<"$1"
}

# group_properties NAME REASON: the two properties of a group.
group_properties() {
    local has=true
    [[ -n $2 ]] && has=false
    echo "    <Has$1 Condition=\"'\$(Has$1)' == ''\">$has</Has$1>"
    echo "    <$1MissingReason>$(as_property "$2")</$1MissingReason>"
}

# write_packages_file ILGPU_REASON OXYPLOT_REASON: records why each group is missing; an empty reason means that it is there.
write_packages_file() {
    mkdir -p "${packages_file%/*}"
    local new=$packages_file.$$
    {
        echo '<Project>'
        echo '  <!-- Written by tools/packages. -->'
        echo '  <PropertyGroup>'
        group_properties Ilgpu "$1"
        group_properties OxyPlot "$2"
        echo '  </PropertyGroup>'
        echo '</Project>'
    } >"$new"
    # A file that says the same stays, so that nothing is built again.
    if cmp -s "$new" "$packages_file"; then
        rm -f "$new"
    else
        mv -f "$new" "$packages_file"
    fi
}

# find_packages: tries each group and records the outcome; sets ilgpu_reason and oxyplot_reason.
find_packages() {
    mkdir -p "${packages_file%/*}"
    probe=$(mktemp -d "${packages_file%/*}/probe.XXXXXX")
    # Both at once: where nobody answers, it is one wait. macOS has no timeout.
    start_restore "$probe/ilgpu" $ilgpu_packages
    ilgpu_restore=$!
    start_restore "$probe/oxyplot" $oxyplot_packages
    oxyplot_restore=$!
    # The shell keeps an interruption from those in the background.
    trap 'kill -KILL $ilgpu_restore $oxyplot_restore 2>/dev/null; rm -rf "$probe"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    local tenths=$((packages_wait * 10)) ilgpu_code=0 oxyplot_code=0
    # The shell would tell of what is killed.
    {
        while running $ilgpu_restore $oxyplot_restore; do
            sleep 0.1
            if ((tenths-- == 0)); then
                kill -KILL $ilgpu_restore $oxyplot_restore || true
            fi
        done
        wait $ilgpu_restore || ilgpu_code=$?
        wait $oxyplot_restore || oxyplot_code=$?
    } 2>/dev/null
    ilgpu_reason=$(reason_not_restored $ilgpu_code "$probe/ilgpu")
    oxyplot_reason=$(reason_not_restored $oxyplot_code "$probe/oxyplot")
    rm -rf "$probe"
    trap - EXIT INT TERM
    write_packages_file "$ilgpu_reason" "$oxyplot_reason"
}

# outcome REASON: "found", or why not.
outcome() {
    echo "${1:+not found: }${1:-found}"
}

# find_packages_once: finds out if nobody has; says in one line what was decided and how to decide otherwise.
find_packages_once() (
    [[ -f $packages_file ]] && exit
    printf 'optional packages: ' >&2
    find_packages
    echo "$(with_versions $ilgpu_packages) $(outcome "$ilgpu_reason"); $(with_versions $oxyplot_packages) $(outcome "$oxyplot_reason")." \
        "tools/packages tries again or decides otherwise (--help)." >&2
)
