#!/bin/bash
# link-up.sh IFACE: brings a network device that was taken down back. Both of its networks are one, so what was learned meanwhile about
# who is where is forgotten.
ip link set "$1" up
"$(dirname "$0")"/neighbours.sh
ip neigh flush all
case $(hostname) in guestA) peer=10.99.0.2 ;; *) peer=10.99.0.1 ;; esac
for _ in $(seq 50); do
    python3 -c "import socket; socket.create_connection(('$peer', 22), 1)" 2>&1 | grep -q 'refused' && exit 0
    ip neigh flush all
    sleep 0.2
done
exit 1
