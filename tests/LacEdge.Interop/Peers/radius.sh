#!/bin/bash
# FreeRADIUS for l2tpns, with a configuration of its own and nothing of /etc/freeradius.
#   radius.sh DIR USERS       USERS: a file with "name password" per line; listens on 127.0.0.1, secret testing123
set -eu
dir=$1
mkdir -p "$dir/run"
while read -r user password; do
    printf '%s Cleartext-Password := "%s"\n\tService-Type = Framed-User, Framed-Protocol = PPP\n\n' "$user" "$password"
done <"$2" >"$dir/users"
cat >"$dir/radiusd.conf" <<CONF
prefix = /usr
confdir = $dir
run_dir = $dir/run
logdir = $dir
libdir = /usr/lib/freeradius
pidfile = $dir/run/radiusd.pid
log {
    destination = stdout
    auth = yes
}
security {
    reject_delay = 0
}
client lns {
    ipaddr = 127.0.0.1
    secret = testing123
    require_message_authenticator = no
}
modules {
    files {
        filename = $dir/users
    }
    pap {
    }
    chap {
    }
    always ok {
        rcode = ok
    }
}
server lns {
    listen {
        type = auth
        ipaddr = 127.0.0.1
        port = 1812
    }
    listen {
        type = acct
        ipaddr = 127.0.0.1
        port = 1813
    }
    authorize {
        files
        chap
        pap
    }
    authenticate {
        Auth-Type PAP {
            pap
        }
        Auth-Type CHAP {
            chap
        }
    }
    accounting {
        ok
    }
}
CONF
exec freeradius -f -d "$dir" -l stdout
