#!/bin/bash
# l2tpns: an L2TP LNS (or, for comparison, a PPPoE access concentrator with LAC) that needs no PPP in the kernel.
#   l2tpns.sh DIR ADDRESS POOL SECRET AUTH [LINE...]      POOL: x.y.z.0/24, AUTH: chap or pap, LINE: further configuration
# Logs to DIR/l2tpns.log. It reads /etc/l2tpns only, so it must be started in a mount namespace of its own ("ip netns exec" makes one).
set -eu
dir=$1 address=$2 pool=$3 secret=$4 auth=$5
shift 5
gateway=${pool%.*}.254          # addresses are given out from the pool's beginning
mkdir -p "$dir/etc"
: >"$dir/etc/users"
echo "$pool" >"$dir/etc/ip_pool"
{
    cat <<CONF
set debug 3
set log_file "$dir/l2tpns.log"
set pid_file "$dir/l2tpns.pid"
set hostname "l2tpns"
set bind_address $address
set iftun_address $gateway
set peer_address $gateway
set l2tp_secret "$secret"
set l2tp_mtu 1500
set ppp_restart_time 1
set primary_radius 127.0.0.1
set radius_secret "testing123"
set radius_authtypes "$auth"
set radius_accounting yes
set cli_bind_address 127.0.0.1
set cluster_interface "lo"
set cluster_hb_interval 5
set cluster_hb_timeout 11
set scheduler_fifo no
set send_garp no
load plugin "sessionctl"
CONF
    [ $# = 0 ] || printf '%s\n' "$@"
} >"$dir/etc/startup-config"
mount --bind "$dir/etc" /etc/l2tpns
exec l2tpns
