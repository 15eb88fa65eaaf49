namespace LacEdge.Tests.Configuration;

public static class EveryKey
{
    /// <summary>Every key of the table, each with another value than its default.</summary>
    public const string Yaml = """
        node:
          name: lac1.pop-a
          on-stop: end
          nas-identifier: nas1
          state-directory: /srv/lacedge
        control:
          socket: /srv/lacedge/control.sock
        data-plane:
          mode: packet
        l2tp:
          local-ports: 50000-50999
          control-dscp: 46
        limits:
          sessions: 1000
          half-open: 100
          tunnels: 50
        discovery:
          cookie-key: { inline: 0123456789abcdef }
          padi-rate: { mac: 1, vlan: 2, interface: 3 }
          padr-rate: { mac: 4, vlan: 5, interface: 6 }
          padt-rate: 7
          lockout: { after: 8, short: 9s, first: 10s, longest: 11s }
          macs: { allow: ["00:53:00:*"], deny: ["00:53:00:11:22:33"] }
        access:
          residential:
            interfaces:
              eth2: { vlans: ["100-199", 200.any, untagged] }
              eth1:
            ac-name: ac
            service-names:
              - gold
              - name: silver
                advertised: false
            authentication: [pap, chap, ms-chap-v1, ms-chap-v2, eap]
            challenge-name: challenger
            steering: main
            ppp:
              mru: 1480
              restart-interval: 500ms
              max-configure: 4
              max-terminate: 3
              max-failure: 6
              authentication-timeout: 40s
              setup-timeout: 1m
              multilink: true
              echo-interval: 0
              echo-failures: 4
            user-name:
              delimiters: "@%"
              realm: prefix
              default-realm: isp1.example
              case: keep
              to-lns: { strip-realm: true, rules: [{ match: "^a", replace: b }] }
              to-radius: { strip-realm: true, rules: [{ match: "^c", replace: "" }] }
            limits:
              sessions: 12
              sessions-per-interface: 13
              sessions-per-vlan: 14
              sessions-per-mac: 15
              sessions-per-circuit-id: 16
              at-limit: replace
            pado-delay:
              steps: [{ sessions: 1, delay: 100ms }, { sessions: 9, delay: never }]
              lines: [{ circuit-id: "a*", remote-id: "b*", vlans: [7], delay: 1s }]
            frame-priority: dscp
            connect-speed:
              method: line
              tx: 100M
              rx: 2.5G
          business:
            interfaces: { eth3: {} }
            lns:
              name: fixed1
              assignment-id: gold
              address: 192.0.2.10
              port: 1702
              max-sessions: 10
              peer-profile: with-lines
            tunnel: wholesale
          hotel:
            interfaces: { eth4: {} }
            lns: 192.0.2.11
            tunnel: wholesale
            partial-termination: never
          house:
            interfaces: { eth5: {} }
            lns: { dns: lns4.isp1.example }
            tunnel: wholesale
        steering:
          main:
            - match:
                circuit-id: "OLT7*"
                remote-id: "?5"
                realm: "*.example"
                realm-regex: "^isp[0-9]"
                user: "b*"
                user-regex: "^b"
                service-name: gold
                access: residential
                interface: eth?
                vlans: [100-199]
                macs: ["00:53:00:*"]
              to: [{ isp: isp1, on-not-found: next, on-timeout: next }]
            - to:
                - realm-table: {}
                  on-not-found: stop
                - isp: isp1
                - lns: { address: 2001:db8::5, name: fixed2, port: 1703, max-sessions: 11, peer-profile: with-lines, assignment-id: gold }
                  tunnel: retail
                - dns: { prefix: LNS, srv: true, port: 1705, max-sessions: 12, peer-profile: with-lines, assignment-id: gold }
                  tunnel: retail
                - dns: { name: lns.isp3.example }
                  tunnel: retail
                - lns: { dns: lns5.isp1.example }
                  tunnel: retail
                - { radius: aaa, tunnel: retail, user-name: "{user}", password: { file: outbound }, service-type: 2, timeout: 3s, peer-profile: with-lines }
                - { radius: aaa, tunnel: retail, password: { credential: outbound } }
                - { radius: aaa, tunnel: retail, password: { env: OUTBOUND } }
                - { radius: aaa, tunnel: retail, password: { inline: outbound } }
                - { radius: aaa, tunnel: retail, authenticate-before-forward: true }
        dns:
          servers: [192.0.2.53, "192.0.2.54:5353", 2001:db8::53, "[2001:db8::54]:54"]
          source-address: 192.0.2.1
          timeout: 2s
          max-ttl: 1h
          max-negative-ttl: 1m
          stale-time: 0
          max-questions: 100
          prefer: ipv6
          dnssec: require
          trust-anchor: /etc/root.key
        radius:
          aaa:
            servers:
              r1:
                address: 203.0.113.11
                port: 1645
                secret: { file: secrets/r1 }
                source-address: 192.0.2.1
                weight: 3
                require-message-authenticator: yes
                status-server: true
              r2: { address: 2001:db8::12, secret: { credential: r2 }, require-message-authenticator: no }
              r3: { address: 203.0.113.13, secret: { env: R3 } }
              r4: { address: 203.0.113.14, secret: { inline: hanger } }
            selection: weighted
            retransmit-time: 1s
            max-retransmit-time: 8s
            retransmissions: 3
            patience: 20s
            dead-time: 90s
            max-outstanding: 500
            nas-port-id: "{interface}"
            nas-port-type: 15
            calling-station-id: "{circuit-id|mac}"
            called-station-id: ""
        isps:
          isp1:
            realms: [ISP1.example, "*.isp1.example"]
            tunnel: wholesale
            lns:
              a: { dns: LNS1.isp1.example }
              b: { address: 198.51.100.2, port: 1704, preference: 20, weight: 3, max-sessions: 16000, peer-profile: with-lines, assignment-id: gold }
        tunnels:
          wholesale:
            secret: { file: secrets/wholesale }
            source-address: 192.0.2.1
            host-name: lac-w
            vendor-name: Example
            hello-interval: 30s
            idle-timeout: 0
            receive-window: 16
            retries: 6
            retry-cap: 8s
            setup-timeout: 3s
            lockout: 1m
            hide-avps: none
            old-secret: { file: secrets/old }
            source-port: 1701
            reply-from: exact
            vrf: vrf-w
            peer-host-name: lns-w
            persistent: true
            max-sessions: 100
            max-tunnels: 3
            dscp: copy
            udp-checksum: false
            oversize: clamp-mss
            path-mtu: 1400
            reorder-window: 0
            reorder-time: 100ms
          retail:
            secret: { credential: retail }
            old-secret: { credential: old }
            hide-avps: sensitive
            tie-breaker: true
            negotiate-dscp: true
          third:
            secret: { env: THIRD }
            old-secret: { env: OLD }
            hide-avps: all
            ipsec: none
          fourth:
            secret: { inline: swordfish }
            old-secret: { inline: cutlass }
        peer-profiles:
          with-lines:
            based-on: default
            calling-number: "{circuit-id|mac}"
            called-number: ""
            nas-port: Serial0:0
            sub-address: "{vlans}"
            physical-channel: "{outer-vlan}"
            private-group: "{realm}"
            rx-speed: always
            hide-avps: all
            send-window: 8
            clear-m-bit: [bearer-type, sub-address]
            ignore-m-bit: true
            failover: true
            adapt: true
            result-codes: { "2/6": refuse, "3": next-lns }
            access-line-avps: [circuit-id, iwf]
            proxy-ms-chap-v2: none
            proxy-eap: type-7
            ff03: false
            sequencing: required
            resend-pap: true
        """;
}
