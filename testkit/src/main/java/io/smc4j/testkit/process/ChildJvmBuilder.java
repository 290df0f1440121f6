package io.smc4j.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What to start, see {@link ChildJvm#of}. Not thread-safe. */
public final class ChildJvmBuilder {
    private final Class<?> mainClass;
    private final List<String> jvmArguments = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private String name;

    ChildJvmBuilder(Class<?> mainClass) {
        this.mainClass = mainClass;
        this.name = mainClass.getSimpleName();
    }

    /** Its name in messages; by default the main class's. */
    public ChildJvmBuilder name(String childName) {
        this.name = childName;
        return this;
    }

    /** Arguments of the main class. */
    public ChildJvmBuilder arguments(String... more) {
        arguments.addAll(List.of(more));
        return this;
    }

    /** Arguments of the JVM, besides those every JVM with smc4j gets; a later one wins. */
    public ChildJvmBuilder jvmArguments(String... more) {
        jvmArguments.addAll(List.of(more));
        return this;
    }

    /** Starts it, with the Java and the class path of this JVM. @throws UncheckedIOException if that is not possible */
    public ChildJvm start() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData", // its file in the temporary directory would outlive a killed process
                "-Xmx256m"));
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
        command.addAll(arguments);
        try {
            return new ChildJvm(name, new ProcessBuilder(command).start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start process '" + name + "': " + e.getMessage(), e);
        }
    }
}
