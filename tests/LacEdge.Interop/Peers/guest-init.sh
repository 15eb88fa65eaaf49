#!/bin/bash
# PID 1 of a User-Mode Linux guest. Its disk is the host's root directory, read-only, below a tmpfs: what a peer writes
# is gone with the guest and never reaches the host. Only /mnt/share, the folder GUEST_SHARE of the host, is common.
#
# A line "N" on the console runs the script N.cmd of the share, with its output in N.out; "exit N STATUS" is the answer. Several run
# at a time. When the console closes (the harness ended, however it ended), the guest powers off.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C
modules=/usr/lib/uml/modules/$(uname -r)

if [ -z "${GUEST_INSIDE:-}" ]; then
    set -e
    mount -t tmpfs none /run
    mkdir /run/upper /run/work /run/root
    insmod "$modules/kernel/fs/overlayfs/overlay.ko"
    mount -t overlay -o lowerdir=/,upperdir=/run/upper,workdir=/run/work none /run/root
    cd /run/root
    mount -t proc none proc
    mount -t sysfs none sys
    mount -t devtmpfs none dev
    mkdir -p dev/pts mnt/share "lib/modules/$(uname -r)"
    mount -t devpts none dev/pts
    mount -t tmpfs none run
    mount -t tmpfs none tmp
    mount --bind "$modules" "lib/modules/$(uname -r)"
    mount -t hostfs -o "$GUEST_SHARE" none mnt/share
    GUEST_INSIDE=1 exec chroot . /bin/bash /mnt/share/init.sh
fi

cd /mnt/share
stty -echo -opost
hostname "$GUEST_NAME"
ip link set lo up
. ./peer.sh
echo "ready $GUEST_NAME"
while read -r n; do
    ( . "./$n.cmd" >"$n.out" 2>&1 </dev/null; echo "exit $n $?" ) &
done
busybox poweroff -f
