package io.smc4j.cli.command;

/**
 * Releases something once: when closed, or when the JVM is told to end (Ctrl-C, SIGTERM), whichever comes first.
 *
 * <p>After a signal the command's own thread may still see the release as a failure; {@link #interrupted} lets it stay silent.
 */
public final class Cleanup implements AutoCloseable {
    private final Runnable release;
    private final Thread hook;
    private boolean released;

    public Cleanup(String name, Runnable release) {
        this.release = release;
        this.hook = new Thread(this::releaseOnce, "cleanup-" + name);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the JVM is on its way out. */
    public static boolean interrupted() {
        try {
            Thread probe = new Thread(() -> {}, "cleanup-probe");
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException _) { // the JDK's only way to say it
            return true;
        }
    }

    @Override
    public void close() {
        releaseOnce();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // Ending already: the hook has run or finds nothing to do.
        }
    }

    private synchronized void releaseOnce() {
        if (!released) {
            released = true;
            release.run();
        }
    }
}
