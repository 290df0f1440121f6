package io.smc4j.testkit.process;

import java.util.concurrent.locks.LockSupport;

/** Says what it was told, fails if told so. */
final class EchoingChild {
    private EchoingChild() {}

    public static void main(String[] arguments) {
        ParentProcess.endTogether(line -> {
            if (line.equals("fail")) {
                System.err.println("told to fail");
                System.exit(7);
            }
            ParentProcess.say("heard " + line);
        });
        ParentProcess.say("ready " + String.join(" ", arguments));
        while (true) {
            LockSupport.park();
        }
    }
}
