# Sourced in the subscribers' guest: two lines, vec0 and vec1, each with pppd over the kernel's PPPoE.
modprobe -a ppp_generic pppoe
ip link set vec0 up
ip link set vec1 up
: >/etc/ppp/options
rm -f /etc/ppp/ip-up /etc/ppp/ip-down /etc/ppp/ip-pre-up /etc/ppp/ipv6-up /etc/ppp/ipv6-down
dd if=/dev/urandom of=/tmp/payload bs=64k count=16 status=none

# dial LOG LINE USER PASSWORD [PPPD OPTION...]: lasts as long as the link (interface wanLINE) and ends with pppd's status:
# 5 ended by a signal, 8 no PPPoE session, 10 no PPP agreement, 16 PADT received, 19 login refused.
dial() {
    local log=$1 line=$2 user=$3 password=$4
    shift 4
    # The plugin reads its discovery options when it meets the NIC's name, which therefore comes last.
    pppd plugin rp-pppoe.so nodetach ifname "wan$line" linkname "wan$line" logfile "/mnt/share/$log" debug \
        user "$user" password "$password" noauth noipdefault nodefaultroute noccp maxfail 1 lcp-restart 1 "$@" \
        pppoe-padi-timeout 1 pppoe-padi-attempts 3 "vec$((line - 1))"
}

pppd_of() { head -1 "/run/ppp-wan$1.pid"; }

# hangup LINE: LCP Terminate-Request, then PADT.
hangup() { kill "$(pppd_of "$1")"; }

# vanish LINE LOG: pppd dies without a word; only a PADT goes out, as from a modem that was told to drop the session.
vanish() {
    local nic=vec$(($1 - 1)) session
    session=$(sed -n 's/.*PPP session is \([0-9]*\).*/\1/p' "$2" | tail -1)
    kill -9 "$(pppd_of "$1")"
    pppoe -I "$nic" -e "$session:02:00:00:00:00:01" -k
}

# echo_payload LINE HOST: sends a MiB to HOST's echo service and compares what comes back.
echo_payload() {
    ip route replace "$2" dev "wan$1"
    busybox nc "$2" 7 </tmp/payload | head -c 1048576 | cmp - /tmp/payload
}
