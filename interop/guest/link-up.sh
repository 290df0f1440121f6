#!/bin/bash
# link-up.sh IFACE: brings a network device that was taken down back with the address it had (the kernel forgets none of IPv4).
ip link set "$1" up
