package io.smc4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts {@code smc4j} and {@code .mvn/find-jdk.sh}, in a copy of the tree with JDKs and a Maven that only say what they were told. */
final class LauncherScriptTest {
    private static final Path SOURCES = Path.of("..").toAbsolutePath().normalize();
    private static final Instant EARLIER = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2020-01-02T00:00:00Z");

    @TempDir
    private Path temp;

    private Path tree;
    private Path jdk25;

    /** What a process left behind. */
    private record Outcome(int exitCode, String out, String err) {}

    @BeforeEach
    void setUp() throws IOException {
        tree = Files.createDirectories(temp.resolve("a tree with spaces"));
        Files.createDirectories(tree.resolve(".mvn"));
        Files.createDirectories(tree.resolve("cli/src/main"));
        Files.createDirectories(tree.resolve("cli/target"));
        Files.writeString(tree.resolve("pom.xml"), "<project/>");
        Files.writeString(tree.resolve("cli/pom.xml"), "<project/>");
        Files.copy(SOURCES.resolve("smc4j"), tree.resolve("smc4j"));
        // Without the places where this machine has its JDKs: only JAVA_HOME and PATH are left.
        String finder = Files.readString(SOURCES.resolve(".mvn/find-jdk.sh"));
        for (String root : List.of("/usr/lib/jvm", "/usr/java", "/opt", "/Library")) {
            assertThat(finder).contains(" " + root + "/");
            finder = finder.replace(" " + root + "/", " " + temp + "/nothing/");
        }
        Files.writeString(tree.resolve(".mvn/find-jdk.sh"), finder);
        script(tree.resolve("mvnw"), "echo maven says something; : >cli/target/smc4j.jar");
        jdk25 = jdk("jdk of 25", "25.0.3");
        age(EARLIER, "pom.xml", "cli/pom.xml", "cli/src/main");
    }

    @Test
    void shouldPassArgumentsStreamsAndExitCodeThrough() throws Exception {
        jarOf(LATER);
        Outcome outcome = run(tree.resolve("smc4j"), "send", "two words", "*", "");
        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .contains("<--enable-native-access=ALL-UNNAMED>")
                .endsWith("<-jar><" + tree.toRealPath() + "/cli/target/smc4j.jar><send><two words><*><>\n");
    }

    @Test
    void shouldFindItsTreeThroughSymbolicLinks() throws Exception {
        jarOf(LATER);
        Path absolute = Files.createSymbolicLink(temp.resolve("absolute"), tree.resolve("smc4j"));
        Path relative = Files.createSymbolicLink(temp.resolve("relative"), Path.of("absolute"));
        assertThat(run(absolute).exitCode()).isEqualTo(7);
        assertThat(run(relative).out()).contains(tree.toRealPath() + "/cli/target/smc4j.jar");
    }

    @Test
    void shouldBuildAMissingJarAndSayItInOneLine() throws Exception {
        Outcome outcome = run(tree.resolve("smc4j"), "x");
        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.out()).doesNotContain("maven").endsWith("<x>\n");
        assertThat(outcome.err().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("smc4j: building cli/target/smc4j.jar");
        assertThat(outcome.err()).endsWith("maven says something\n");
        assertThat(run(tree.resolve("smc4j")).err()).as("the second time").isEmpty();
    }

    @Test
    void shouldBuildWhenASourceIsNewerOrWasDeleted() throws Exception {
        jarOf(LATER);
        Files.writeString(tree.resolve("cli/src/main/New.java"), "");
        age(EARLIER, "cli/src/main");
        assertThat(run(tree.resolve("smc4j")).err()).contains("building");
        jarOf(LATER);
        Files.delete(tree.resolve("cli/src/main/New.java"));
        assertThat(run(tree.resolve("smc4j")).err()).contains("building");
    }

    @Test
    void shouldTakeTheJarOfTheBenchmarksForPerf() throws Exception {
        jarOf(LATER);
        script(
                tree.resolve("mvnw"),
                "echo \"maven $*\"; mkdir -p benchmarks/target; : >benchmarks/target/benchmarks.jar");
        for (String[] line : new String[][] {
            {"perf", "--quick"}, {"--json", "-D", "smc4j.transport=tcp", "-c", "x", "perf"}, {"help", "perf"}
        }) {
            Outcome outcome = run(tree.resolve("smc4j"), line);
            assertThat(outcome.exitCode()).isEqualTo(7);
            assertThat(outcome.out()).contains("/benchmarks/target/benchmarks.jar>");
        }
        Files.delete(tree.resolve("benchmarks/target/benchmarks.jar"));
        assertThat(run(tree.resolve("smc4j"), "perf").err()).contains("maven -q -B -ntp -Pperf -pl benchmarks -am");
    }

    @Test
    void shouldNotTakeAnArgumentForTheCommandPerf() throws Exception {
        jarOf(LATER);
        for (String[] line : new String[][] {{"send", "perf"}, {"-D", "perf", "ping"}, {"--debug"}}) {
            assertThat(run(tree.resolve("smc4j"), line).out()).contains("/cli/target/smc4j.jar>");
        }
    }

    @Test
    void shouldNotBuildTheCommandForANewerSourceOfTheBenchmarks() throws Exception {
        Files.createDirectories(tree.resolve("benchmarks/src/main"));
        Files.writeString(tree.resolve("benchmarks/src/main/New.java"), "");
        jarOf(LATER);
        assertThat(run(tree.resolve("smc4j")).err()).isEmpty();
    }

    @Test
    void shouldFailWhenTheBuildFails() throws Exception {
        script(tree.resolve("mvnw"), "echo compiler says no; exit 1");
        Outcome outcome = run(tree.resolve("smc4j"));
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("compiler says no").contains("the build failed");
        assertThat(tree.resolve("target/smc4j-build.lock")).doesNotExist();
    }

    @Test
    void shouldNotWaitForABuilderThatDied() throws Exception {
        Path lock = Files.createDirectories(tree.resolve("target/smc4j-build.lock"));
        Files.writeString(lock.resolve("pid"), "999999999\n");
        assertThat(run(tree.resolve("smc4j")).exitCode()).isEqualTo(7);
    }

    @Test
    void shouldSayInOneLineThatThereIsNoJdk25() throws Exception {
        Path jdk17 = jdk("jdk of 17", "17.0.15");
        jarOf(LATER);
        for (Map<String, String> environment : List.of(
                Map.<String, String>of(), Map.of("JAVA_HOME", jdk17.toString()), Map.of("JAVA_HOME", "/nonexistent"))) {
            Outcome outcome = run(environment, List.of(tree.resolve("smc4j").toString()));
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err().lines())
                    .singleElement()
                    .asString()
                    .contains("needs JDK 25")
                    .contains("install");
        }
    }

    @Test
    void shouldPassOverAnOldJdkForTheOneOnThePath() throws Exception {
        jarOf(LATER);
        Path jdk17 = jdk("jdk of 17", "17.0.15");
        Outcome outcome = run(
                Map.of("JAVA_HOME", jdk17.toString(), "PATH", jdk25.resolve("bin") + ":/usr/bin:/bin"),
                List.of(tree.resolve("smc4j").toString()));
        assertThat(outcome.exitCode()).isEqualTo(7);
    }

    private Outcome run(Path command, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of(command.toString()));
        line.addAll(List.of(arguments));
        return run(Map.of("JAVA_HOME", jdk25.toString()), line);
    }

    /** Runs with nothing of this process's environment, so without a HOME, in some other directory. */
    private Outcome run(Map<String, String> environment, List<String> command) throws Exception {
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(temp.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", path());
        builder.environment().putAll(environment);
        int exitCode = builder.start().waitFor();
        return new Outcome(exitCode, Files.readString(out), Files.readString(err));
    }

    /** A directory with the tools that the scripts use, and no javac. */
    private String path() throws IOException {
        Path tools = temp.resolve("tools");
        if (Files.notExists(tools)) {
            Files.createDirectory(tools);
            for (String tool :
                    List.of("dirname", "readlink", "find", "head", "sed", "cat", "mkdir", "rm", "touch", "sleep")) {
                script(tools.resolve(tool), "PATH=/usr/bin:/bin exec " + tool + " \"$@\"");
            }
        }
        return tools.toString();
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = temp.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/javac"), "exit 1");
        script(home.resolve("bin/java"), "printf '<%s>' \"$@\"; echo; exit 7");
        return home;
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void jarOf(Instant time) throws IOException {
        Path jar = tree.resolve("cli/target/smc4j.jar");
        Files.writeString(jar, "");
        Files.setLastModifiedTime(jar, FileTime.from(time));
    }

    private void age(Instant time, String... files) throws IOException {
        for (String file : files) {
            Files.setLastModifiedTime(tree.resolve(file), FileTime.from(time));
        }
    }
}
