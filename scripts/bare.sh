#!/usr/bin/env bash
# Prove that an empty Debian 12 and a clone are enough: make one with debootstrap, then run .ci/run in it as root and
# as a plain user, each with an empty home. Needs root, debootstrap and git. Arguments are the steps (default: all).
#
# Where packages come from is read from this machine: its apt sources, and the variables of pip, npm, proxies and
# certificates, which are passed on. Everything happens in a mount and process namespace of its own: when this ends,
# however it ends, no process and no mount is left.
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
suite=bookworm

for tool in debootstrap git unshare; do
    command -v "$tool" >/dev/null || { echo "make bare needs $tool." >&2; exit 1; }
done
((EUID == 0)) || { echo "make bare needs root." >&2; exit 1; }

if [[ -z ${BARE_ROOT:-} ]]; then
    BARE_ROOT=$(mktemp -d "${BARE_FOLDER:-/var/tmp}/gruppetto-bare-XXXXXX")
    export BARE_ROOT
    status=0
    unshare --mount --pid --fork --kill-child "$0" "$@" || status=$?
    rm -rf --one-file-system "$BARE_ROOT"
    exit "$status"
fi

root=$BARE_ROOT
# shellcheck disable=SC2016  # the placeholders are apt's
sources=$(apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v suite="$suite" '$3 ~ "^" suite && $4 == "main"' | sort -u)
mirror=$(awk -v suite="$suite" '$3 == suite {print $2; exit}' <<<"$sources")
[[ -n $mirror ]] || { echo "The apt sources of this machine have no $suite." >&2; exit 1; }

echo "── an empty Debian ($suite)"
debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1 || { tail "$root.log" >&2; exit 1; }
rm -f "$root.log"
echo "$sources" >"$root/etc/apt/sources.list"
apt-config dump | grep -i '^acquire::.*proxy' >"$root/etc/apt/apt.conf.d/90proxy" || true
cp /etc/resolv.conf /etc/hosts "$root/etc/"
chmod 755 "$root"

mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
chroot "$root" useradd --create-home --shell /bin/bash plain

# Only what leads to the registries; no other setting of this machine. A file of certificates goes to a place of its
# own, since the system's bundle is rewritten when its package is installed.
passed=()
while IFS= read -r -d '' line; do
    name=${line%%=*} value=${line#*=}
    case $name in
    http_proxy | https_proxy | no_proxy | HTTP_PROXY | HTTPS_PROXY | NO_PROXY) ;;
    PIP_FIND_LINKS) continue ;; # a folder of this machine
    ARGS | WORKERS) ;; # of make test
    PIP_* | npm_config_* | NPM_CONFIG_* | NODE_EXTRA_CA_CERTS | SSL_CERT_FILE | *_CA_BUNDLE) ;;
    *) continue ;;
    esac
    if [[ $value == /*.@(crt|pem) && -f $value ]]; then
        install -D -m 644 "$value" "$root/etc/certificates-of-the-host/$name"
        value=/etc/certificates-of-the-host/$name
    fi
    passed+=("$name=$value")
done < <(env -0)

failed=()
play() { # play USER HOME STEP…
    local user=$1 home=$2
    shift 2
    echo "── as $user"
    git clone --quiet --no-hardlinks "$project" "$root$home/gruppetto"
    chroot "$root" chown -R "$user:" "$home/gruppetto"
    chroot "$root" setpriv --reuid="$user" --regid="$user" --init-groups --inh-caps=-all \
        env -i "${passed[@]}" HOME="$home" USER="$user" LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        bash -c 'cd ~/gruppetto && .ci/run "$@"' run "$@" || failed+=("$user")
}
play root /root "$@"
play plain /home/plain "$@"

if ((${#failed[@]})); then
    echo "Failed as: ${failed[*]}" >&2
    exit 1
fi
echo "An empty Debian is enough, as root and as a plain user."
