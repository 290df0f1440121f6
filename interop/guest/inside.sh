#!/bin/bash
# inside.sh up | down: two RDMA devices in this guest with a wire between them, for both ends of a connection in one guest.
# A kernel delivers what goes to an own address itself, and what rdma_rxe sends so never arrives. So the local table is asked last for
# what leaves from one of the two addresses to the other, and packets from own addresses are let in.
set -euo pipefail
case $1 in
    up)
        ip link add veth1 type veth peer name veth2
        for n in 1 2; do
            sysctl -qw "net.ipv4.conf.veth$n.accept_local=1" "net.ipv4.conf.veth$n.rp_filter=0" "net.ipv4.conf.veth$n.arp_ignore=1" \
                "net.ipv4.conf.veth$n.arp_announce=2"
            ip addr add "10.98.0.$n/24" dev "veth$n"
            ip link set "veth$n" up
            ip route add "10.98.0.$((3 - n))" dev "veth$n" src "10.98.0.$n" table "10$n"
            ip rule add pref "$n" to "10.98.0.$((3 - n))" iif lo lookup "10$n"
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
        ip link delete veth1 || true
        ;;
esac
