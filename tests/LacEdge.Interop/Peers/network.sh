#!/bin/bash
# The network of one lane of the interop run: three namespaces without any way out.
#
#   PREFIX-acc   the access side: bridge br0 with taps line1 and line2 (NICs of the subscribers' guest); line3 and
#                line4 stand beside it, for who changes their frames and hands them to switch3 and switch4
#   PREFIX-ac    the access concentrator: acc0 towards PREFIX-acc (no address), core0 10.99.0.2/24 towards PREFIX-core; acc0
#                takes PPPoE's 8 octets and two VLAN tags beyond 1500
#   PREFIX-core  the core side: bridge br0 10.99.0.4/24 (an LNS that needs no guest) with tap lns (NIC of an LNS's guest)
#
#   network.sh up PREFIX MTU | network.sh down PREFIX       "down" first kills whatever still runs in the namespaces
set -eu
prefix=$2
acc=$prefix-acc ac=$prefix-ac core=$prefix-core

up() {
    local ns nic
    for ns in "$acc" "$ac" "$core"; do
        ip netns add "$ns"
        ip netns exec "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
        ip -n "$ns" link set lo up
    done
    for ns in "$acc" "$core"; do
        ip -n "$ns" link add br0 mtu "$1" type bridge mcast_snooping 0
        ip -n "$ns" link set br0 up
    done
    for nic in "$acc line1" "$acc line2" "$core lns"; do
        ns=${nic% *} nic=${nic#* }
        ip -n "$ns" tuntap add dev "$nic" mode tap
        ip -n "$ns" link set "$nic" mtu "$1" master br0 up
    done
    for nic in 3 4; do
        ip -n "$acc" tuntap add dev "line$nic" mode tap
        ip -n "$acc" link set "line$nic" mtu "$1" up
        ip -n "$acc" link add "switch$nic" mtu "$1" type veth peer name "port$nic" mtu "$1"
        ip -n "$acc" link set "port$nic" master br0 up
        ip -n "$acc" link set "switch$nic" up
    done
    ip -n "$ac" link add acc0 address 02:00:00:00:00:01 mtu 1516 type veth peer name ac mtu "$1" netns "$acc"
    ip -n "$ac" link add core0 address 02:00:00:00:00:02 mtu "$1" type veth peer name ac mtu "$1" netns "$core"
    ip -n "$acc" link set ac master br0 up
    ip -n "$core" link set ac master br0 up
    ip -n "$ac" link set acc0 up
    ip -n "$ac" link set core0 up
    ip -n "$ac" address add 10.99.0.2/24 dev core0
    ip -n "$core" address add 10.99.0.4/24 dev br0
}

down() {
    local ns pids
    for ns in "$acc" "$ac" "$core"; do
        [ -e "/run/netns/$ns" ] || continue
        for _ in $(seq 50); do
            pids=$(ip netns pids "$ns")
            [ -n "$pids" ] || break
            kill -KILL $pids 2>/dev/null || true
            sleep 0.05
        done
        ip netns delete "$ns"
    done
}

"$1" "${3:-}"
