package io.smc4j.testkit.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The other side of {@link ChildJvm}, for the main class of a child. */
public final class ParentProcess {
    private static final int ORPHANED = 3;

    private ParentProcess() {}

    /**
     * Hands every line the parent sends to {@code command}, on a thread of its own, and ends this JVM with its shutdown hooks when
     * the parent ends the input or is gone, however it died.
     */
    public static void endTogether(Consumer<String> command) {
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    command.accept(line);
                }
            } catch (IOException _) {
                // As good as the end.
            }
            System.exit(ORPHANED);
        });
    }

    /** Says a line to the parent, see {@link ChildJvm#awaitLine}. */
    public static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
