package io.smc4j.testkit.faults;

import io.smc4j.rdma.RemoteDmb;
import java.lang.foreign.MemorySegment;

/** A peer's DMB whose signals may be held or lost on their way. */
record FaultyRemoteDmb(FaultyIsmDevice device, RemoteDmb dmb) implements RemoteDmb {
    @Override
    public MemorySegment memory() {
        return dmb.memory();
    }

    @Override
    public int waiterCpu() {
        return dmb.waiterCpu();
    }

    @Override
    public void signal() {
        FaultScript.Decision decision = device.decide(Point.SIGNAL, dmb.memory().byteSize());
        if (decision == null) {
            dmb.signal();
            return;
        }
        switch (decision.action()) {
            case FaultAction.Drop drop -> {
                device.record(FaultKind.SIGNAL_DROPPED, "a signal to the peer");
                decision.done();
            }
            case FaultAction.Hold hold -> {
                device.record(FaultKind.SIGNAL_DROPPED, "a signal to the peer, for now");
                device.later(decision, hold.time(), dmb::signal);
                decision.done();
            }
            default -> {
                device.strikeAnywhere(decision, "a signal to the peer");
                dmb.signal();
            }
        }
    }

    @Override
    public boolean keep() {
        return dmb.keep();
    }

    @Override
    public boolean renew() {
        return dmb.renew();
    }

    @Override
    public boolean isWithdrawn() {
        return dmb.isWithdrawn();
    }

    @Override
    public void close() {
        dmb.close();
    }
}
