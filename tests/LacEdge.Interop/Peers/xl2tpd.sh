# Sourced in an LNS's guest: xl2tpd with pppd at 10.99.0.11, and 198.51.100.1 behind it with an echo service.
modprobe -a ppp_generic ppp_async l2tp_ppp
ip address add 10.99.0.11/24 dev vec0
ip link set vec0 up
ip address add 198.51.100.1/32 dev lo
echo 1 >/proc/sys/net/ipv4/ip_forward
: >/etc/ppp/options
rm -f /etc/ppp/ip-up /etc/ppp/ip-down /etc/ppp/ip-pre-up /etc/ppp/ipv6-up /etc/ppp/ipv6-down
busybox nc -ll -p 7 -e cat </dev/null >/dev/null 2>&1 &

# lns_start DATA AUTH MRU SECRET MTU [PPPD OPTION...]: DATA kernel (pppol2tp) or user (pppd over a pty), AUTH pap, chap, ms-chap-v2 or eap, SECRET may be empty, MTU that of
# the network.
# The users and their passwords stand in users.txt of the share.
lns_start() {
    local data=$1 auth=$2 mru=$3 secret=$4 challenge=no userspace=no
    ip link set vec0 mtu "$5"
    shift 5
    [ "$data" = kernel ] || userspace=yes
    : >/etc/xl2tpd/l2tp-secrets
    if [ -n "$secret" ]; then challenge=yes; echo "* * $secret" >/etc/xl2tpd/l2tp-secrets; fi
    while read -r user password; do echo "\"$user\" * \"$password\" *"; done <users.txt | tee /etc/ppp/chap-secrets >/etc/ppp/pap-secrets
    cat >/etc/xl2tpd/xl2tpd.conf <<CONF
[global]
force userspace = $userspace
debug avp = yes
debug state = yes
debug tunnel = yes
[lns default]
hostname = lns1
challenge = $challenge
ip range = 100.64.1.10-100.64.1.250
local ip = 100.64.1.1
name = lns1
require authentication = yes
ppp debug = yes
pppoptfile = /etc/ppp/options.xl2tpd
CONF
    printf '%s\n' "$@" "require-${auth/ms-chap/mschap}" noccp 'lcp-restart 1' "mtu $mru" "mru $mru" 'logfile /mnt/share/pppd.log' >/etc/ppp/options.xl2tpd
    : >xl2tpd.log
    : >pppd.log
    lns_run
}

lns_run() {
    local before after
    mkdir -p /run/xl2tpd
    rm -f /run/xl2tpd.pid
    before=$(grep -c 'Listening on' xl2tpd.log)
    setsid xl2tpd -D -p /run/xl2tpd.pid -C /run/xl2tpd/l2tp-control </dev/null >>xl2tpd.log 2>&1 &
    for _ in $(seq 100); do
        after=$(grep -c 'Listening on' xl2tpd.log)
        [ "$after" -gt "$before" ] && return 0
        sleep 0.05
    done
    return 1
}

# lns_kill: the daemon and its links are gone without a word.
lns_kill() {
    local pids
    pids=$(pidof xl2tpd pppd) && kill -9 $pids
    for _ in $(seq 100); do pidof xl2tpd pppd >/dev/null || return 0; sleep 0.05; done
    return 1
}

# lns_stop: the daemon ends properly.
lns_stop() {
    kill "$(pidof xl2tpd)"
    for _ in $(seq 100); do pidof xl2tpd pppd >/dev/null || return 0; sleep 0.05; done
    return 1
}

# close_tunnel: the last tunnel that came up is closed, the daemon stays.
close_tunnel() { echo "d $(sed -n 's/.*Connection established to .* Local: \([0-9]*\),.*/\1/p' xl2tpd.log | tail -1)" >/run/xl2tpd/l2tp-control; }

# links: one line for each subscriber that is online.
links() { ip -4 -oneline address | grep ' ppp'; }

# drop ADDRESS: hangs up on the subscriber with that address.
drop() {
    local link
    link=$(links | sed -n "s|^[0-9]*: \(ppp[0-9]*\) .* peer $1/.*|\1|p")
    [ -n "$link" ] && kill "$(head -1 "/run/$link.pid")"
}
