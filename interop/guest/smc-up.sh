#!/bin/bash
# smc-up.sh LINKS UEID: software RoCE devices and SMC in this guest. May be run again.
# No PNET IDs: rdma_rxe of 6.12 tells SMC which network device an RDMA device belongs to.
set -euo pipefail
links=${1:-1} ueid=${2:-SMC4J.RIG}
for m in ib_uverbs rdma_ucm rdma_rxe smc smc_diag; do modprobe $m; done
case $(hostname) in guestA) n=1 ;; *) n=2 ;; esac
if [ "$links" = 2 ]; then
    # Both links in one subnet, so that SMC can pair their GIDs; the metric keeps TCP on eth1.
    ip addr flush dev eth2
    ip addr add 10.99.0.1$n/24 dev eth2 metric 200
fi
for i in $(seq "$links"); do
    rdma link show "rxe$((i - 1))/1" >/dev/null 2>&1 || rdma link add "rxe$((i - 1))" type rxe netdev "eth$i"
done
smcnl.py ueid | grep -qF "'$ueid'" || smcnl.py ueid-add "$ueid"
"$(dirname "$0")"/neighbours.sh
