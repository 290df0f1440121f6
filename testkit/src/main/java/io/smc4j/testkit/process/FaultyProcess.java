package io.smc4j.testkit.process;

import io.smc4j.testkit.faults.FaultKind;
import io.smc4j.testkit.faults.FaultLog;

/** What can befall a peer's process, written down in a log of faults. Thread-safe. */
public record FaultyProcess(ChildJvm process, FaultLog log) {
    /** Stops it where it stands ({@code SIGSTOP}), as a machine that hangs. */
    public void stop() throws InterruptedException {
        process.pause();
        record(FaultKind.PROCESS_STOPPED);
    }

    /** Lets it go on ({@code SIGCONT}). */
    public void goOn() throws InterruptedException {
        process.resume();
        record(FaultKind.PROCESS_CONTINUED);
    }

    /** Kills it ({@code SIGKILL}) and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.kill();
        record(FaultKind.PROCESS_KILLED);
    }

    private void record(FaultKind kind) {
        log.record(kind, process.name(), "process " + process.pid(), "");
    }
}
