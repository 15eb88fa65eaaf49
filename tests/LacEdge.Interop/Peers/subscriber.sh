# Sourced in the subscribers' guest: NICs vec0 to vec3 and VLAN devices on them, for pppd over the kernel's PPPoE.
modprobe -a ppp_generic pppoe 8021q
for nic in vec0 vec1 vec2 vec3; do ip link set "$nic" up; done

# vlan NAME BELOW PROTOCOL ID: with room for PPPoE around 1500 octets (RFC 4638).
vlan() { ip link add "$1" mtu "$(($(cat "/sys/class/net/$2/mtu") - 4))" link "$2" type vlan protocol "$3" id "$4" && ip link set "$1" up; }
vlan single vec1 802.1Q 100
vlan outer200 vec0 802.1ad 200
vlan qinq outer200 802.1Q 300
vlan outer400 vec1 802.1ad 400
vlan equal outer400 802.1Q 400
: >/etc/ppp/options
rm -f /etc/ppp/ip-up /etc/ppp/ip-down /etc/ppp/ip-pre-up /etc/ppp/ipv6-up /etc/ppp/ipv6-down
dd if=/dev/urandom of=/tmp/payload bs=64k count=16 status=none

# dial LOG N DEVICE USER PASSWORD [PPPD OPTION...]: lasts as long as the link (interface wanN) and ends with pppd's status:
# 5 ended by a signal, 8 no PPPoE session, 10 no PPP agreement, 16 PADT received, 19 login refused.
dial() {
    local log=$1 n=$2 device=$3 user=$4 password=$5
    shift 5
    # The plugin reads its discovery options when it meets the NIC's name, which therefore comes last.
    pppd plugin rp-pppoe.so nodetach ifname "wan$n" linkname "wan$n" logfile "/mnt/share/$log" debug \
        user "$user" password "$password" noauth noipdefault nodefaultroute noccp maxfail 1 lcp-restart 1 "$@" \
        pppoe-padi-timeout 1 pppoe-padi-attempts 3 "$device"
}

pppd_of() { head -1 "/run/ppp-wan$1.pid"; }

# hangup N: LCP Terminate-Request, then PADT.
hangup() { kill "$(pppd_of "$1")"; }

# crash N: pppd dies without a word.
crash() { kill -9 "$(pppd_of "$1")"; }

# vanish N DEVICE LOG: pppd dies; only a PADT goes out, as from a modem that was told to drop the session.
vanish() {
    local session
    session=$(sed -n 's/.*PPP session is \([0-9]*\).*/\1/p' "$3" | tail -1)
    crash "$1"
    pppoe -I "$2" -e "$session:02:00:00:00:00:01" -k
}

# echo_payload N HOST: sends a MiB to HOST's echo service and compares what comes back.
echo_payload() {
    ip route replace "$2" dev "wan$1"
    busybox nc "$2" 7 </tmp/payload | head -c 1048576 | cmp - /tmp/payload
}
