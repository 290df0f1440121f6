#!/bin/bash
# inside.sh up [gateway] | down: two RDMA devices in this guest with a wire between them, or with a router (a network namespace) between two
# subnets, for both ends of a connection in one guest.
# A kernel delivers what goes to an own address itself, and what rdma_rxe sends so never arrives. So the local table is asked last for
# what leaves from one of the two addresses to the other, and packets from own addresses are let in.
set -euo pipefail
case $1 in
    up)
        if [ "${2:-}" = gateway ]; then
            address=(- 10.98.1.1 10.98.2.1)
            ip netns add gateway
            for n in 1 2; do
                ip link add "veth$n" type veth peer name "gate$n" netns gateway
                ip -n gateway addr add "10.98.$n.254/24" dev "gate$n"
                ip -n gateway link set "gate$n" up
            done
            ip netns exec gateway sysctl -qw net.ipv4.ip_forward=1
        else
            address=(- 10.98.0.1 10.98.0.2)
            ip link add veth1 type veth peer name veth2
        fi
        for n in 1 2; do
            sysctl -qw "net.ipv4.conf.veth$n.accept_local=1" "net.ipv4.conf.veth$n.rp_filter=0" "net.ipv4.conf.veth$n.arp_ignore=1" \
                "net.ipv4.conf.veth$n.arp_announce=2"
            ip addr add "${address[n]}/24" dev "veth$n"
            ip link set "veth$n" up
            other=${address[3 - n]}
            via=()
            [ "${2:-}" = gateway ] && via=(via "10.98.$n.254")
            ip route add "$other" "${via[@]}" dev "veth$n" src "${address[n]}" table "10$n"
            ip rule add pref "$n" to "$other" iif lo lookup "10$n"
            rdma link add "rxe1$n" type rxe netdev "veth$n"
        done
        ip rule add pref 100 lookup local
        ip rule del pref 0
        ;;
    down)
        ip rule add pref 0 lookup local || true
        for n in 1 2; do
            rdma link delete "rxe1$n" || true
            ip rule del pref "$n" || true
        done
        ip rule del pref 100 || true
        for n in 1 2; do
            ip link delete "veth$n" || true
        done
        ip netns delete gateway || true
        ;;
esac
