#!/bin/bash
# Builds vmlinuz, initrd.gz, root.img and jdk.img in $SMC_RIG_DIR. Called by `rig build`, as root.
set -euo pipefail
SUITE=bookworm          # its backports carry a kernel whose rdma_rxe works with SMC-R unpatched (6.12)
GUEST_PACKAGES=kmod,iproute2,procps,python3,tcpdump,libibverbs1,ibverbs-providers,ibverbs-utils,librdmacm1,rdma-core,libcap2-bin
HOST_PACKAGES=(qemu-system-x86 busybox-static cpio debootstrap debian-archive-keyring e2fsprogs kmod python3 xz-utils)

die() { echo "rig build: $*" >&2; exit 1; }
step() { echo "[$((SECONDS)) s] $*" >&2; }
[ "$(id -u)" = 0 ] || die "must run as root (debootstrap and chroot)"
mkdir -p "$SMC_RIG_DIR"
cd "$SMC_RIG_DIR"

step "host packages"
missing=()
for p in "${HOST_PACKAGES[@]}"; do dpkg -s "$p" >/dev/null 2>&1 || missing+=("$p"); done
apt-get update -qq || echo "rig build: some package source did not answer; going on" >&2
[ ${#missing[@]} = 0 ] || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >apt.log 2>&1 ||
    die "cannot install ${missing[*]}: see $PWD/apt.log"

# The mirror that this machine already uses, as apt itself reads it from its sources.
mirror=${SMC_RIG_MIRROR:-$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v suite=$SUITE '$1 == suite && $2 == "main" && !found++ { print $3 }')}
[ -n "$mirror" ] || die "no $SUITE main source in /etc/apt: set SMC_RIG_MIRROR"

if [ "$(cat rootfs/.complete 2>/dev/null)" != $GUEST_PACKAGES ]; then
    step "root file system"
    rm -rf rootfs
    debootstrap --variant=minbase --include=$GUEST_PACKAGES $SUITE rootfs "$mirror" >debootstrap.log 2>&1 ||
        die "debootstrap failed: see $PWD/debootstrap.log"
    rm -rf rootfs/var/cache/apt/archives/*.deb rootfs/var/lib/apt/lists/* rootfs/usr/share/{doc,man,locale}
    echo $GUEST_PACKAGES >rootfs/.complete
fi

step "kernel from $SUITE-backports"
# An apt of our own (lists, cache, sources), so that this machine's configuration stays as it is.
mkdir -p apt/lists/partial apt/cache/archives/partial kernel
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $SUITE-backports main" >apt/sources.list
apt_options=(-o "Dir::Etc::SourceList=$PWD/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$PWD/apt/lists" -o "Dir::Cache=$PWD/apt/cache" -o APT::Sandbox::User=root)
apt-get "${apt_options[@]}" update -qq
package=$(apt-cache "${apt_options[@]}" depends linux-image-amd64 | awk '$1 == "Depends:" && /linux-image-[0-9]/ && !found++ { print $2 }')
[ -n "$package" ] || die "linux-image-amd64 of $SUITE-backports names no kernel package"
release=${package#linux-image-}
if [ ! -f "kernel/$package.deb" ]; then
    (cd kernel && rm -rf ./* && apt-get "${apt_options[@]}" download -qq "$package" && mv ./*.deb "$package.deb")
fi
rm -rf kernel/files rootfs/usr/lib/modules
dpkg-deb -x "kernel/$package.deb" kernel/files
cp "kernel/files/boot/vmlinuz-$release" vmlinuz
modules=kernel/files/lib/modules
[ -d $modules ] || modules=kernel/files/usr/lib/modules
mv $modules rootfs/usr/lib/modules
rm -rf kernel/files
depmod -b "$PWD/rootfs" "$release"

step "images"
install -m755 "$RIG_HOME/guest/init" rootfs/rig-init
mkdir -p rootfs/{share,jdk,rig}
rm -rf initrd && mkdir -p initrd/{bin,proc,sys,dev,modules,new}
cp /bin/busybox initrd/bin/
for m in virtio_pci virtio_blk ext4 virtio_net; do
    modprobe -d "$PWD/rootfs" -S "$release" --show-depends $m | awk '$1 == "insmod" { print $2 }'
done | awk '!seen[$0]++' | while read -r file; do
    name=$(basename "$file" .xz)
    if [ "$file" != "${file%.xz}" ]; then xz -dc "$file" >"initrd/modules/$name"; else cp "$file" initrd/modules/; fi
    echo "$name" >>initrd/modules/order
done
install -m755 "$RIG_HOME/guest/initrd-init" initrd/init
(cd initrd && find . | cpio -o -H newc 2>/dev/null | gzip -1) >initrd.gz
rm -rf initrd

image() { # image FOLDER FILE: an ext4 image with a little room to spare
    local megabytes=$(($(du -sm "$1" | cut -f1) * 5 / 4 + 100))
    rm -f "$2"
    mkfs.ext4 -q -O ^has_journal -m 0 -d "$1" "$2" "${megabytes}M"
}
image rootfs root.img

jdk=${JAVA_HOME:-$(find /usr/lib/jvm -maxdepth 1 -type d -name '*25*' 2>/dev/null | sort | sed -n 1p || true)}
if [ -n "$jdk" ] && [ -x "$jdk/bin/java" ]; then
    if [ "$(cat jdk.source 2>/dev/null)" != "$(readlink -f "$jdk")" ] || [ ! -f jdk.img ]; then
        rm -rf jdk && mkdir jdk
        cp -a "$(readlink -f "$jdk")/." jdk/
        rm -rf jdk/jmods jdk/lib/src.zip jdk/man
        image jdk jdk.img
        rm -rf jdk
        readlink -f "$jdk" >jdk.source
    fi
else
    echo "rig build: no JDK (JAVA_HOME or /usr/lib/jvm/*25*): the guests get no /jdk" >&2
fi
echo "$release" >kernel-release
step "done: kernel $release in $SMC_RIG_DIR"
